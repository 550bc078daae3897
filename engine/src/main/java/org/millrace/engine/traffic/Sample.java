package org.millrace.engine.traffic;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What is kept of a request that was looked at until its reply is here. Pooled, client half's thread. */
public final class Sample {
    private static final long NO_KEY = -1;

    private final UnsafeBuffer key = new UnsafeBuffer(new byte[Sketches.KEY_BYTES_MAX]);
    private PoolTraffic pool;
    private ClientAddress client;
    private int weight;
    private long requestBytes;
    private int command;
    private long hash;
    private int shown;
    private long length;
    /** The next free one. */
    Sample next;

    Sample() {
    }

    /**
     * Begins anew, without a key.
     *
     * @param of        the pool
     * @param from      who asks
     * @param standsFor how many requests this one stands for; 0 if it is not a sample, but looked at for its size
     * @param bytes     of the request
     * @param ofTable   number of the command
     */
    public void begin(PoolTraffic of, ClientAddress from, int standsFor, long bytes, int ofTable) {
        pool = of;
        client = from;
        weight = standsFor;
        requestBytes = bytes;
        command = ofTable;
        length = NO_KEY;
    }

    /** It is about this key alone. */
    public void key(long ofKey, DirectBuffer buffer, int offset, int there, long whole) {
        hash = ofKey;
        shown = Math.min(there, key.capacity());
        key.putBytes(0, buffer, offset, shown);
        length = whole;
    }

    /** The reply is here, of so many bytes. */
    public void replied(long replyBytes) {
        pool.replied(this, replyBytes);
    }

    void clear() {
        pool = null;
        client = null;
    }

    ClientAddress client() {
        return client;
    }

    int weight() {
        return weight;
    }

    long requestBytes() {
        return requestBytes;
    }

    int command() {
        return command;
    }

    boolean hasKey() {
        return length != NO_KEY;
    }

    long hash() {
        return hash;
    }

    DirectBuffer key() {
        return key;
    }

    int shown() {
        return shown;
    }

    long length() {
        return length;
    }
}
