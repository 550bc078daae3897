/**
 * How long requests take and where: plain histograms, owned by the thread of a half of a lane, which hands them over at
 * the beginning of a turn when the control thread has asked.
 */
package org.millrace.engine.latency;
