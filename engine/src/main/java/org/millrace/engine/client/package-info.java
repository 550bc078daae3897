/**
 * The client side of a lane: recv and frame what clients send, keep their order, send them their replies.
 *
 * <p>Everything here belongs to the thread of the client half.
 */
package org.millrace.engine.client;
