/**
 * Captures on disk: the sink that the engine's tap finds, which writes files mapped into memory, and the reader of
 * them. Only the writer needs chronicle-bytes; {@code docs/CAPTURE.md} describes the format.
 */
package org.millrace.perf.capture;
