/** Tests of the whole proxy, between real clients and real Redis servers. */
package org.millrace.perf.endtoend;
