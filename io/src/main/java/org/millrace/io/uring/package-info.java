/**
 * The transport over Linux's io_uring, by raw system calls through the JDK's foreign-function API: no native library.
 * Needs {@code --enable-native-access} for this module (or ALL-UNNAMED) and what {@link
 * org.millrace.io.uring.UringSupport} checks.
 *
 * <p>One enter call a turn submits what was asked for since the turn before and collects what has happened. Memory that
 * the kernel may write to or read from is given back with the last completion that can concern it, never before.
 */
package org.millrace.io.uring;
