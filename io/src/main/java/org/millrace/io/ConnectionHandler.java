package org.millrace.io;

/** What happens on one connection; called by the transport's thread. */
public interface ConnectionHandler {
    /** A connection begun by {@link Transport#connect} stands. */
    void onConnected();

    /**
     * Bytes have arrived.
     *
     * @param segment where they lie; retained by the transport during the call only
     * @param offset  first byte
     * @param length  at least 1
     */
    void onReceived(Segment segment, int offset, int length);

    /**
     * All output up to a stream position has left this process.
     *
     * @param position count of bytes since the connection stood, as {@link Output#appendedPosition()} counts them
     */
    void onWritten(long position);

    /** The peer has sent FIN: no further {@code onReceived}. Output can still be sent. */
    void onPeerClosed();

    /**
     * What {@link Connection#detach()} has begun is done, and this is the last event: nothing of the connection is in
     * the system any more, no byte of it is lost, and it must not be used again.
     *
     * @param socket to be adopted by another transport, or closed
     */
    default void onDetached(AcceptedSocket socket) {
        socket.close();
    }

    /** The last event. */
    void onClosed(CloseCause cause);
}
