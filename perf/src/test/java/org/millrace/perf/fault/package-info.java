/** A layer between a proxy and a real server that makes the faults that networks and dying servers make. */
package org.millrace.perf.fault;
