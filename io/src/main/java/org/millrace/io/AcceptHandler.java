package org.millrace.io;

/** Takes accepted sockets; called by the listener's transport's thread. */
public interface AcceptHandler {
    /**
     * A peer has connected. The socket is idle until a transport adopts it.
     *
     * @param socket to be adopted, here or by another lane's transport, or closed
     */
    void onAccepted(AcceptedSocket socket);

    /** Accepting failed (too many open files, ...) and will be tried again after a pause. */
    void onAcceptFailed(String reason);
}
