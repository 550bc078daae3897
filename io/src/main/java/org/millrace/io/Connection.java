package org.millrace.io;

/** One socket of a {@link Transport}; used by the transport's thread alone. */
public interface Connection {
    /** What is to be sent; appending sends nothing until {@link #flush()}. */
    Output output();

    /** Sends what the output holds, as far as the peer takes it; the rest follows by itself. Once a turn is enough. */
    void flush();

    /** No {@code onReceived} from now on, but for what a completion-based system has received already. */
    void pauseReads();

    /** Ends {@link #pauseReads()}. */
    void resumeReads();

    /**
     * Hints that the bytes to come are part of a large value that will be kept: the transport then fills one segment
     * after the other for this connection alone, across turns, instead of sharing segments among connections.
     */
    void gather(boolean on);

    /** Sends what the output holds, then FIN; reading goes on. */
    void shutdownOutput();

    /** Drops unsent output and closes; {@code onClosed} follows with the given cause. Idempotent. */
    void close(CloseCause cause);

    /**
     * Begins to leave the transport, so that another one of its kind may {@link Transport#adopt} the socket. Only an
     * accepted connection that stands, is read, does not gather, and whose output is empty can leave. Until
     * {@link ConnectionHandler#onDetached} comes, always from a later poll, it is served as ever, and whatever happens
     * on it ends the attempt: received bytes, which are delivered, the peer's end, a pause, gathering, a flush of
     * output, a close.
     *
     * @return false if it cannot leave now
     */
    boolean detach();

    /** Whether {@link #detach()} is under way: false once it has come to an end, good or not. */
    boolean isDetaching();

    /** The other side's address as text, for logs and CLIENT LIST; not for the data path. */
    String peer();

    /** This side's address as text, likewise. */
    String local();
}
