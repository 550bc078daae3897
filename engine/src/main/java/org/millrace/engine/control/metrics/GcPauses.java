package org.millrace.engine.control.metrics;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.millrace.engine.latency.SeriesKey;
import org.millrace.engine.latency.SeriesKind;

/** Has the JVM tell of each collection of the heap; with the serial collector all of one is a pause. */
public final class GcPauses implements AutoCloseable {
    private static final long NS_PER_MS = 1_000_000;

    private final List<NotificationEmitter> sources = new ArrayList<>();
    private final NotificationListener listener;

    /** From now on, into these totals; on a thread of the JVM's. */
    public GcPauses(LatencyTotals totals) {
        listener = (notification, handback) -> {
            if (notification.getUserData() instanceof CompositeData data
                && notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
                GarbageCollectionNotificationInfo info = GarbageCollectionNotificationInfo.from(data);
                totals.add(new SeriesKey(SeriesKind.GC_PAUSE, null, null, info.getGcName()),
                    info.getGcInfo().getDuration() * NS_PER_MS);
            }
        };
        for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (each instanceof NotificationEmitter source) {
                source.addNotificationListener(listener, null, null);
                sources.add(source);
            }
        }
    }

    @Override
    public void close() {
        for (NotificationEmitter each : sources) {
            try {
                each.removeNotificationListener(listener);
            } catch (ListenerNotFoundException e) {
                throw new IllegalStateException("a listener that was added is gone", e);
            }
        }
        sources.clear();
    }
}
