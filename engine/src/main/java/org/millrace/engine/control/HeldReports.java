package org.millrace.engine.control;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What lanes had to tell while the control thread's queue was full: of each kind and subject the latest, so there is
 * never more than the servers and places that there are. The control thread takes it when it has worked off its queue.
 */
final class HeldReports {
    private final Map<Object, Runnable> held = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();

    /** Keeps a report; an earlier one of the same key is told by this one, or is out of date. Any thread. */
    void hold(Object key, Runnable report) {
        count.incrementAndGet();
        held.put(key, report);
    }

    /** True if none is held. Any thread. */
    boolean isEmpty() {
        return held.isEmpty();
    }

    /** So many were kept so far. Any thread. */
    long count() {
        return count.get();
    }

    /** Passes on what is held. Control thread. */
    void tell() {
        for (Map.Entry<Object, Runnable> each : held.entrySet()) {
            if (held.remove(each.getKey(), each.getValue())) {
                each.getValue().run();
            }
        }
    }
}
