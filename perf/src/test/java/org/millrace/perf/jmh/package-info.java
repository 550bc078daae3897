/** Runs every benchmark once. */
package org.millrace.perf.jmh;
