/**
 * How lanes share links: a lane that owns no link of a server <em>borrows</em> one from the lane that does. Between the
 * two stand two bounded rings, one for requests and one for replies, into which bytes are copied; to the borrower they
 * are a {@link org.millrace.io.Connection} like any other. No segment, message or exchange ever crosses.
 *
 * <p>What belongs to which thread stands at each class; only rings, bells and flags are touched by two.
 */
package org.millrace.engine.share;
