/** Counters: written by one thread with plain adds, read by any; each has a name that operators know. */
package org.millrace.engine.count;
