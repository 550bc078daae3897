package org.millrace.engine.latency;

import org.HdrHistogram.Histogram;

/**
 * One histogram of a half of a lane: one is filled while the control thread has the other. As the clock is read once a
 * turn, many values of a turn are equal: a run of equal values is counted here and recorded at once when it ends.
 */
final class Series {
    private final SeriesKey key;
    private final long highest;
    /** Both null if there was no room for them. */
    private Histogram filled;
    private Histogram handed;
    private long runValue = -1;
    private long runLength;
    private boolean retired;
    /** It was handed over for the last time. */
    private boolean leaving;

    private Series(SeriesKey key, Histogram filled, Histogram handed) {
        this.key = key;
        this.filled = filled;
        this.handed = handed;
        highest = key.kind().highest();
    }

    /** With room of its own; or, if there is none, one that records nothing. */
    static Series of(SeriesKey key, HistogramRoom room) {
        Histogram first = key.kind().newHistogram();
        return room.take(2L * first.getEstimatedFootprintInBytes())
            ? new Series(key, first, key.kind().newHistogram()) : new Series(key, null, null);
    }

    boolean hasRoom() {
        return filled != null;
    }

    long bytes() {
        return 2L * filled.getEstimatedFootprintInBytes();
    }

    /** Records a value, at least 0. The half's thread. */
    void record(long value) {
        record(value, 1);
    }

    /** Records a value, at least 0, so many times. The half's thread. */
    void record(long value, long count) {
        if (value == runValue) {
            runLength += count;
        } else {
            endRun();
            runValue = value;
            runLength = count;
        }
    }

    private void endRun() {
        if (runLength > 0 && filled != null) {
            filled.recordValueWithCount(Math.min(runValue, highest), runLength);
        }
        runLength = 0;
        runValue = -1;
    }

    /** Nothing more is recorded here. The half's thread. */
    void retire() {
        retired = true;
    }

    /** Hands over what was recorded since the last time. The half's thread. */
    void flip() {
        endRun();
        Histogram next = handed;
        handed = filled;
        filled = next;
        leaving = retired;
    }

    SeriesKey key() {
        return key;
    }

    /** What was handed over. Whoever asked, until the next flip. */
    Histogram handed() {
        return handed;
    }

    boolean isLeaving() {
        return leaving;
    }
}
