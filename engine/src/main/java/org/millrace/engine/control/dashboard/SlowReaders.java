package org.millrace.engine.control.dashboard;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.millrace.engine.control.AdminCounters;

/**
 * Ends writing to whoever does not take it: a thread that has been at one write for too long is interrupted, which
 * closes its socket. Threads of the admin port come and go, the control thread looks.
 */
final class SlowReaders {
    private final AdminCounters counters;
    private final long limitNs;
    private final Map<Thread, Long> writing = new HashMap<>();

    SlowReaders(AdminCounters counters, long limitNs) {
        this.counters = counters;
        this.limitNs = limitNs;
    }

    /** This thread begins to write. */
    synchronized void begin() {
        writing.put(Thread.currentThread(), System.nanoTime());
    }

    /** It has written. */
    synchronized void end() {
        writing.remove(Thread.currentThread());
    }

    /** Looks at the time. */
    synchronized void look(long nowNs) {
        Iterator<Map.Entry<Thread, Long>> each = writing.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Thread, Long> entry = each.next();
            if (nowNs - entry.getValue() > limitNs) {
                each.remove();
                counters.countDropped();
                entry.getKey().interrupt();
            }
        }
    }
}
