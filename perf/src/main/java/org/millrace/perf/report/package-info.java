/** Tables, JSON and drawings of what was measured, without libraries. */
package org.millrace.perf.report;
