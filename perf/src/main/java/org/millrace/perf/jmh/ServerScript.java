package org.millrace.perf.jmh;

import org.millrace.io.ConnectionHandler;
import org.millrace.io.Output;

/** How a scripted server answers what one link sends it. Used by the benchmark's thread alone. */
interface ServerScript {
    /** The link flushes: what its output holds is "on the wire" now. */
    void onRequests(Output output);

    /**
     * Delivers one piece of what is due.
     *
     * @return false if nothing was
     */
    boolean deliver(ConnectionHandler link);

    /** Gives all memory back. */
    void close();
}
