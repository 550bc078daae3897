/**
 * The ASCII protocol of memcached: framers for both directions, and flyweights that walk framed messages.
 *
 * <p>The sources are memcached's {@code doc/protocol.txt}, and where that is silent the text protocol of version
 * 1.6.18, which the tests ask. Two rules make it safe to share a connection to a server among clients:
 * <ul>
 * <li>What is sent on is answered by exactly one reply, or by none if {@code noreply} or {@code q} says so. Whatever a
 * server could take for two requests, or could answer before it has read the data, is answered by the proxy.
 * <li>A line of a storage command that tells a length takes so much data with it, whatever else is wrong with it: data
 * is never executed. Memcached has it so in newer versions; 1.6.18 still runs the data of some bad lines.
 * </ul>
 *
 * <p>Framers own the positions in a message, views own the words: nothing here keeps bytes, and nothing here allocates
 * once a connection is set up.
 */
package org.millrace.codec.memcached;
