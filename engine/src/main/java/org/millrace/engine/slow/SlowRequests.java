package org.millrace.engine.slow;

import java.util.Arrays;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/**
 * The slow requests of one lane that the control thread has not taken yet. The client half's thread fills places of a
 * ring, the control thread empties them; neither waits. Nothing is allocated after the start but for keys of requests
 * that are many at a time.
 */
public final class SlowRequests {
    /** Slow requests that wait for the control thread at most; further ones are counted, and lost. */
    public static final int CAPACITY = 128;

    /** Nothing is slow. */
    private static final long NEVER = Long.MAX_VALUE;

    private final long slowerThanNs;
    private final SlowRequest[] ring;
    private final KeyTrail keys;
    /** Places that were ever filled, and of these emptied: one thread writes each. */
    private volatile long filled;
    private volatile long emptied;

    private SlowRequests(long slowerThanNs, int capacity) {
        this.slowerThanNs = slowerThanNs;
        ring = new SlowRequest[capacity];
        Arrays.setAll(ring, each -> new SlowRequest());
        keys = capacity == 0 ? null : new KeyTrail();
    }

    /** Requests that take so long or longer are slow. */
    public static SlowRequests from(long slowerThanNs) {
        return new SlowRequests(slowerThanNs, CAPACITY);
    }

    /** None is noted. */
    public static SlowRequests none() {
        return new SlowRequests(NEVER, 0);
    }

    /** False if none is noted. */
    public boolean isOn() {
        return keys != null;
    }

    /** From how many nanoseconds on a request is slow. */
    public long slowerThanNs() {
        return slowerThanNs;
    }

    /** Keeps the beginning of a key in the place of its exchange; a length below 0 stands for none. */
    public void keepKey(int index, DirectBuffer buffer, int offset, int length) {
        keys.keep(index, buffer, offset, length);
    }

    /** A record to be filled, with the key of that place; null if there is no room. */
    public SlowRequest claim(int index) {
        if (filled - emptied == ring.length) {
            return null;
        }
        SlowRequest claimed = ring[(int) (filled % ring.length)];
        keys.copy(index, claimed);
        return claimed;
    }

    /** The claimed record is complete. */
    public void publish() {
        long count = filled;
        filled = count + 1;
    }

    /** Shows what was noted since the last time, which must not be kept. Control thread. */
    public void take(Consumer<SlowRequest> taker) {
        long end = filled;
        for (long at = emptied; at < end; at++) {
            taker.accept(ring[(int) (at % ring.length)]);
        }
        emptied = end;
    }
}
