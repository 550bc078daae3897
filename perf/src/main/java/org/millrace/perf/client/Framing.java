package org.millrace.perf.client;

/** Where replies end, in the protocol that a {@link FramedSocket} speaks. One for each connection; not thread-safe. */
public interface Framing {
    /** The reply is not whole yet. */
    int INCOMPLETE = -1;
    /** These bytes are no reply; the connection is of no more use. */
    int MALFORMED = -2;

    /**
     * @param b    bytes read
     * @param from first byte of a reply
     * @param to   end of the bytes read
     * @return the reply's end, or {@link #INCOMPLETE}, or {@link #MALFORMED}
     */
    int frame(byte[] b, int from, int to);

    /** After {@link #INCOMPLETE}: no reply can end before this index. */
    int neededTo();
}
