package org.millrace.engine.latency;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The heap that the histograms of all lanes may take, and the sketches of their traffic. It is asked when one is made,
 * never when a value is recorded. Any thread.
 */
public final class HistogramRoom {
    private static final int HEAP_SHARE = 8;

    private final long totalBytes;
    private final AtomicLong freeBytes;
    private final AtomicLong refused = new AtomicLong();

    /** Room for so many bytes. */
    public HistogramRoom(long totalBytes) {
        this.totalBytes = totalBytes;
        freeBytes = new AtomicLong(totalBytes);
    }

    /** An eighth of the largest heap. */
    public static HistogramRoom ofHeap() {
        return new HistogramRoom(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }

    /** Takes room; false, and counted, if there is too little. */
    public boolean take(long bytes) {
        long free = freeBytes.get();
        while (free >= bytes) {
            if (freeBytes.compareAndSet(free, free - bytes)) {
                return true;
            }
            free = freeBytes.get();
        }
        refused.incrementAndGet();
        return false;
    }

    /** Gives room back. */
    public void giveBack(long bytes) {
        freeBytes.addAndGet(bytes);
    }

    /** Times that there was no room: what it was for is not recorded. */
    public long refused() {
        return refused.get();
    }

    /** Bytes taken. */
    public long usedBytes() {
        return totalBytes - freeBytes.get();
    }
}
