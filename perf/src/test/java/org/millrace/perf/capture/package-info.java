/** Tests of what stands in {@code src/main} under the same name. */
package org.millrace.perf.capture;
