/**
 * The transport over the JDK's selectors: runs everywhere, needs nothing. Readiness turned into completions: bytes are
 * written when they are flushed, as far as the kernel takes them, and the rest when it has room again.
 */
package org.millrace.io.nio;
