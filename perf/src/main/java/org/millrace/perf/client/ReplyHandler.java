package org.millrace.perf.client;

/** What a {@link FramedSocket} tells its owner; every call comes from the thread that runs the socket's loop. */
public interface ReplyHandler {
    /** The connection stands. */
    void onConnected();

    /**
     * One whole reply; the bytes are only valid during the call.
     *
     * @param b     holds the reply
     * @param from  first byte
     * @param to    end
     * @param nowNs when the bytes were read
     */
    void onReply(byte[] b, int from, int to, long nowNs);

    /** Some of what was appended has gone to the system; {@link FramedSocket#bytesWritten()} tells how much in all. */
    default void onWritten() {
    }

    /** All replies of one read were handed over: the moment to write more requests. */
    void onBatchEnd(long nowNs);

    /** The connection is gone, or could not be made; {@code why} is for people. */
    void onClosed(String why);
}
