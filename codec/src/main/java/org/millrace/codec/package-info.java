/**
 * The seam between the engine and a protocol: framers cut a stream of bytes into messages.
 *
 * <p>A protocol is one sub-package. The engine moves framed messages and never looks inside them.
 */
package org.millrace.codec;
