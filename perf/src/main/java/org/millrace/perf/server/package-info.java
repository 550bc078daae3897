/**
 * Real Redis servers for the demo, the tests and the benchmarks: on free loopback ports, writing nothing to disk, gone
 * when the JVM is gone however it ended.
 */
package org.millrace.perf.server;
