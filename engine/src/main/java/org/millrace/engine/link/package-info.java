/**
 * The server side of a lane: links to servers, what is parked for them and in flight on them, the send stage that feeds
 * them, the recv of their replies and the pair stage that says whose a reply is.
 *
 * <p>Everything here belongs to the thread of the server half.
 */
package org.millrace.engine.link;
