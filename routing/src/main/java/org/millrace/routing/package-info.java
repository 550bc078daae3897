/**
 * From a key to a server: immutable topologies, and the routers through which lanes ask them.
 *
 * <p>A {@link org.millrace.routing.Topology} is a snapshot of all pools. The control thread builds it and hands it to
 * the lanes; each lane makes its own {@link org.millrace.routing.Router} per pool from it. Nothing here knows a socket.
 * Servers are always named by their index in the order of the configuration file, whatever order a distribution
 * numbers them in.
 */
package org.millrace.routing;
