/** What is measured, added up over all lanes and shown: to Prometheus, in INFO, on the stats port, in a log. */
package org.millrace.engine.control.metrics;
