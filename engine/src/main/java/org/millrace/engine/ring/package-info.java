/**
 * The two rings of a lane and what every stage has in common.
 *
 * <p>Requests: the client half publishes; parse, filter, route and send follow each other on the same slots. Replies:
 * the server half publishes; pair and client send follow. A slot lives only from the first of its stages to the last.
 */
package org.millrace.engine.ring;
