/**
 * The slow log: what lanes have noted of slow requests, gathered on the control thread, and how it is told.
 */
package org.millrace.engine.control.slow;
