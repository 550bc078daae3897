package org.millrace.engine.tap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;

/** Carries records from the rings of all lanes to a sink, on a thread of its own. */
public final class TapPump {
    private static final int RECORDS_PER_LANE = 1024;
    private static final long SHORTEST_PARK_NS = 1_000_000;
    private static final long LONGEST_PARK_NS = 16_000_000;
    private static final long STOP_LIMIT_MS = 10_000;

    private final List<LaneTap> lanes;
    private final TapSink sink;
    private final Consumer<String> onFailure;
    private final LongSupplier clock;
    private final MessageHandler handler = this::onRecord;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile String outcome = "";
    private boolean failed;

    /**
     * A pump that does not run yet.
     *
     * @param onFailure told once that the sink keeps nothing more, and why; what comes after that is dropped
     * @param clock     that of the lanes
     */
    public TapPump(List<LaneTap> lanes, TapSink sink, Consumer<String> onFailure, LongSupplier clock) {
        this.lanes = List.copyOf(lanes);
        this.sink = sink;
        this.onFailure = onFailure;
        this.clock = clock;
        thread = new Thread(this::run, "millrace-capture");
        thread.setDaemon(true);
    }

    /** Begins. */
    public void start() {
        thread.start();
    }

    /**
     * Takes what is in the rings, once the lanes write no more, closes the sink and returns.
     *
     * @return what was captured, for the log
     */
    public String stop() throws InterruptedException {
        stopping = true;
        LockSupport.unpark(thread);
        thread.join(STOP_LIMIT_MS);
        return outcome;
    }

    private void run() {
        long parkNs = SHORTEST_PARK_NS;
        while (!stopping) {
            // also after work: many records at a time cost less than each of them at once
            parkNs = isFilling() ? Math.max(parkNs / 2, SHORTEST_PARK_NS) : Math.min(parkNs * 2, LONGEST_PARK_NS);
            turn();
            LockSupport.parkNanos(this, parkNs);
        }
        long deadlineNs = clock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(STOP_LIMIT_MS) / 2;
        while (turn() > 0 && clock.getAsLong() - deadlineNs < 0) {
            Thread.onSpinWait();
        }
        outcome = sink.close();
    }

    /** Whether so much has come since the last turn that the next one should come sooner. */
    private boolean isFilling() {
        for (LaneTap lane : lanes) {
            if (lane.isFilling()) {
                return true;
            }
        }
        return false;
    }

    /** Takes what is there; returns how many records that were. Its own thread, or a test in its place. */
    public int turn() {
        int total = 0;
        int count;
        do {
            count = 0;
            for (LaneTap lane : lanes) {
                count += drain(lane);
            }
            total += count;
        } while (count >= RECORDS_PER_LANE);
        try {
            if (!failed) {
                sink.look(clock.getAsLong());
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
        return total;
    }

    private int drain(LaneTap lane) {
        try {
            return lane.drain(handler, RECORDS_PER_LANE);
        } catch (UncheckedIOException e) {
            fail(e.getCause());
        } catch (RuntimeException e) {
            fail(e);
        }
        return 1;
    }

    private void onRecord(int type, MutableDirectBuffer buffer, int index, int length) {
        if (failed) {
            return;
        }
        try {
            sink.record(type, buffer.getInt(index + LaneTap.FLAGS), buffer.getLong(index),
                buffer.getLong(index + LaneTap.CONVERSATION), buffer, index + LaneTap.HEADER, length - LaneTap.HEADER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fail(Exception reason) {
        failed = true;
        String text = reason instanceof IOException ? reason.getMessage() : reason.toString();
        onFailure.accept("capture ends: " + text);
    }
}
