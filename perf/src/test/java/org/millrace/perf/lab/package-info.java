/** Tests of the scripts in {@code perf/bin}: each runs in smoke mode, so that none rots. */
package org.millrace.perf.lab;
