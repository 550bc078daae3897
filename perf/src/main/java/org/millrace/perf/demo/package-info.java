/** The demo: real servers, the proxy in front of them and a light load, in one command. */
package org.millrace.perf.demo;
