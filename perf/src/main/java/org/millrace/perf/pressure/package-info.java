/**
 * Attacks and endurance: proxies as whole processes under clients that do not read, servers that hang, more load than
 * can be served, thousands of idle connections, and hours of churn. Each tool measures, prints a table and says by its
 * own criteria whether the promise was kept.
 */
package org.millrace.perf.pressure;
