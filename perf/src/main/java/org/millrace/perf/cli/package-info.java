/** The command line of the perf module: {@code demo}, {@code load}, {@code check} and {@code bench}. */
package org.millrace.perf.cli;
