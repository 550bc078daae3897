/**
 * The ASCII protocol of memcached in the engine: its parser, filter and routes, and the plans of requests for several
 * servers.
 *
 * <p>Every request that goes to a server is answered by exactly one reply: {@code noreply} and the meta flag {@code q}
 * are blanked before it goes out, and what the client did not want to hear is held back when the reply is here. So
 * no reply has to be guessed at, and an error is never taken for the reply of another request.
 */
package org.millrace.engine.memcached;
