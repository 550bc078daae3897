/**
 * How a pool spreads hash values over its servers, point for point as twemproxy does it.
 *
 * <p>{@link org.millrace.routing.distribution.DistributionKind} is the table of them. To add one, write one class that
 * implements {@link org.millrace.routing.distribution.Distribution} and add one line to the table.
 */
package org.millrace.routing.distribution;
