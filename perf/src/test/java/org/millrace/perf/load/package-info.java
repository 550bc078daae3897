/** Tests of the load generator against a real Redis and against liars. */
package org.millrace.perf.load;
