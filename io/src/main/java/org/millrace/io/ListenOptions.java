package org.millrace.io;

/**
 * Options of a listener.
 *
 * @param backlog   connections that may wait to be accepted
 * @param reusePort SO_REUSEPORT
 * @param keepAlive SO_KEEPALIVE on accepted sockets
 * @param fileMode  permission bits of a unix socket, 0 to leave them
 */
public record ListenOptions(int backlog, boolean reusePort, boolean keepAlive, int fileMode) {
    /** twemproxy's defaults. */
    public static ListenOptions defaults() {
        return new ListenOptions(512, false, false, 0);
    }
}
