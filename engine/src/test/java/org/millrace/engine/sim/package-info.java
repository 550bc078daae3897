/** Whole lanes on a simulated network: seeded clients, servers and faults, virtual time, one thread. */
package org.millrace.engine.sim;
