/** Tests of the demo with the real engine and real servers. */
package org.millrace.perf.demo;
