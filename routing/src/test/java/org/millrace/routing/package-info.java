/** Tests of routing: topologies and routers against recorded placements, and what the tests of this module share. */
package org.millrace.routing;
