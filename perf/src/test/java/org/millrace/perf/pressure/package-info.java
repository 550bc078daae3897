/** The tools that put proxies under pressure, in tiny sizes, so that none of them rots. */
package org.millrace.perf.pressure;
