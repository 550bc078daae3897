/** Tests of the order checker against a real Redis and against liars. */
package org.millrace.perf.check;
