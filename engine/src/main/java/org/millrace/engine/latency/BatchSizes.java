package org.millrace.engine.latency;

/** How many things a turn has handled. The half's thread. */
public final class BatchSizes {
    private final Recorder recorder;
    private final SeriesKey key;
    private Series sizes;

    BatchSizes(Recorder recorder, SeriesKey key) {
        this.recorder = recorder;
        this.key = key;
    }

    /** A turn had so many; none is not recorded. Returns the number. */
    public int turn(int count) {
        if (count > 0 && recorder.isOn()) {
            if (sizes == null) {
                sizes = recorder.open(key);
            }
            sizes.record(count);
        }
        return count;
    }
}
