/**
 * Messages on their way: how received bytes become whole requests and replies without being copied to a buffer's start.
 *
 * <p>Most messages lie whole in a receive segment and never become an object here. One that straddles segments, or that
 * carries a large value, is assembled into a pooled {@link org.millrace.engine.message.Message}.
 */
package org.millrace.engine.message;
