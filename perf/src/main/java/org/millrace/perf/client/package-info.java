/**
 * A small RESP2 client for measuring: it writes requests into byte arrays, frames replies where they were read and
 * allocates nothing for a request. One thread owns a socket and its loop; the blocking {@code SimpleClient} is for
 * set-up work only. It is independent of the server's codec on purpose: a fault there must not hide itself here. What
 * it shares with the server is the io_uring transport, if its user chooses {@link SocketLoop#ring}.
 */
package org.millrace.perf.client;
