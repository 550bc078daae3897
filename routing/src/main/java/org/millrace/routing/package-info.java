/**
 * From a key to a server: immutable topologies, and the routers through which lanes ask them.
 *
 * <p>A {@link org.millrace.routing.Topology} is a snapshot of all pools. The control thread builds it and hands it to
 * the lanes; each lane makes its own {@link org.millrace.routing.Router} per pool from it. Nothing here knows a socket.
 * Servers are always named by an index that they keep as long as they are there, at first their place in the
 * configuration file, whatever order a distribution numbers them in.
 */
package org.millrace.routing;
