/** Tests of the command line as a user types it. */
package org.millrace.perf.cli;
