/** Tests of the tables and drawings. */
package org.millrace.perf.report;
