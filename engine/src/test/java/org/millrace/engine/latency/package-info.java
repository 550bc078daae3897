/** Tests of the histograms of a lane. */
package org.millrace.engine.latency;
