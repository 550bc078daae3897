package org.millrace.engine.control.dashboard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The samples of the last hour, and the state of things at the last of them. The control thread adds, threads of the
 * admin port read and wait for more. What does not fit goes, the oldest first.
 */
public final class History {
    /** An hour, a sample each second. */
    static final int SAMPLES_MAX = 3_600;
    /** With many pools samples are large, and fewer of them are kept. */
    static final int BYTES_MAX = 16 << 20;

    private final int bytesMax;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>(SAMPLES_MAX);
    private int bytes;
    private byte[] now = new byte[0];
    private boolean closed;

    /** With nothing in it. */
    public History() {
        this(BYTES_MAX);
    }

    History(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * What a reader has not got yet.
     *
     * @param samples in their order
     * @param now     the state at the last of them, in UTF-8; empty if none was made
     */
    record News(List<Sample> samples, byte[] now) {
    }

    /** Adds a sample and wakes those who wait for it. */
    synchronized void add(Sample sample, byte[] state) {
        samples.addLast(sample);
        bytes += sample.footprint();
        now = state;
        while (samples.size() > SAMPLES_MAX || bytes > bytesMax && samples.size() > 1) {
            bytes -= samples.removeFirst().footprint();
        }
        notifyAll();
    }

    /** All that there is behind this number. */
    synchronized List<Sample> after(long number) {
        List<Sample> found = new ArrayList<>();
        samples.descendingIterator().forEachRemaining(each -> {
            if (each.number() > number) {
                found.add(each);
            }
        });
        return found.reversed();
    }

    /** The same, with the state; waits for so long if there is nothing. Null when it has ended. */
    synchronized News await(long number, long ms) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        long leftMs = ms;
        while (!closed && leftMs > 0 && (samples.isEmpty() || samples.getLast().number() <= number)) {
            wait(leftMs);
            leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
        }
        return closed ? null : new News(after(number), now);
    }

    /** The number of the last sample, 0 if there is none. */
    synchronized long last() {
        return samples.isEmpty() ? 0 : samples.getLast().number();
    }

    /** Heap that the samples take. */
    synchronized int bytes() {
        return bytes;
    }

    /** Samples that there are. */
    synchronized int count() {
        return samples.size();
    }

    /** Nobody shall wait any longer. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
