package org.millrace.conf;

/**
 * A place to listen on or to connect to, as typed and not yet resolved: TCP host and port, or a unix socket's path.
 *
 * @param host     host name or literal address without brackets; null for a unix socket
 * @param port     1..65535; 0 for a unix socket
 * @param path     absolute path of a unix socket, or null
 * @param fileMode permission bits for a listening unix socket, 0 to leave them
 */
public record AddressConfig(String host, int port, String path, int fileMode) {
    /** A TCP address. */
    public static AddressConfig tcp(String host, int port) {
        return new AddressConfig(host, port, null, 0);
    }

    /** A unix socket's address. */
    public static AddressConfig unix(String path, int fileMode) {
        return new AddressConfig(null, 0, path, fileMode);
    }

    public boolean isUnix() {
        return path != null;
    }

    @Override
    public String toString() {
        return isUnix() ? path : host + ':' + port;
    }
}
