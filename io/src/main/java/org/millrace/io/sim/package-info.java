/**
 * A network in memory, on one thread, in virtual time, from one seed: the same seed gives the same run. It is stricter
 * than a kernel where a transport is allowed to be: writes complete in a later poll and are read from the output's
 * memory only then, so that memory given back too early shows as wrong bytes.
 */
package org.millrace.io.sim;
