/** Tests of the dashboard, as far as no browser is needed. */
package org.millrace.engine.control.dashboard;
