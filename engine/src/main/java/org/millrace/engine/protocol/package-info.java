/**
 * The seam between the engine and the protocols that it moves: what a pool's protocol must tell of bytes, and its words
 * for what goes wrong on the way. The engine knows a reply by one bit and a command by a number, and means nothing by
 * either. How requests are parsed, filtered and routed are the seams of those stages' packages.
 */
package org.millrace.engine.protocol;
