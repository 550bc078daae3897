package org.millrace.perf.pressure;

import org.millrace.perf.client.RequestWriter;
import org.millrace.perf.load.Mixer;

/** What a load sends; called by the load's thread. */
@FunctionalInterface
interface RequestSource {
    /** Appends one request. */
    void write(RequestWriter out, Mixer random);
}
