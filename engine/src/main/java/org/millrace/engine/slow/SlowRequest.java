package org.millrace.engine.slow;

/**
 * A request that was slow: a place of the ring, filled by the lane and read by the control thread before it is given
 * back. The stages are those of the histograms.
 */
public final class SlowRequest {
    /** Bytes of a key that are kept. */
    public static final int KEY_BYTES = 64;

    /** No word of the request is known to be a key. */
    public static final int NO_KEY = -1;

    /** When it was answered, on the lane's clock. */
    public long answeredNs;
    public long durationNs;
    public long linkWaitNs;
    public long serverNs;
    public long orderWaitNs;
    public String pool;
    /** Name of the server on the ring, of the last one to answer if there were several; null if none was asked. */
    public String server;
    /** The client's address, and what it calls itself. */
    public String client;
    public byte[] clientName;
    /** As in the table of commands, a subcommand as {@code client|list}. */
    public String command;
    /** Words of the request, the command included. */
    public int words;
    /** The first bytes of the key, and how long it is; {@link #NO_KEY} if there is none. */
    public final byte[] key = new byte[KEY_BYTES];
    public int keyLength;
}
