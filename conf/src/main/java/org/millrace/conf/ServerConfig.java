package org.millrace.conf;

/**
 * One item of a pool's {@code servers} list, in file order.
 *
 * @param address  where the server listens
 * @param weight   share of the key space, at least 1
 * @param name     explicit name, or null
 * @param ringName the text that stands for the server on the ring: the explicit name, else {@code host:port} as typed,
 *                 {@code host} alone when the port is 11211, the path plus a trailing colon for a unix socket
 */
public record ServerConfig(AddressConfig address, int weight, String name, String ringName) {
}
