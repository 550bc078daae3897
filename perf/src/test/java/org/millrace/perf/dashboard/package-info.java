/** The dashboard as people use it: a real browser, driven over the DevTools protocol, before the demo. */
package org.millrace.perf.dashboard;
