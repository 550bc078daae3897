package org.millrace.engine.latency;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.HdrHistogram.Histogram;

/**
 * The histograms of one half of a lane. The half's thread fills them; the control thread asks for them, and gets them
 * when the half begins its next turn: recording costs no atomic operation. Methods are the half's thread's, but for
 * {@link #ask}, {@link #isHanded} and {@link #collect}, which are the control thread's.
 */
public final class Recorder {
    private static final Series[] NONE = {};

    private final HistogramRoom room;
    private final Handover handover = new Handover();
    private final boolean on;
    private final Runs runs = new Runs();
    private Series[] live = NONE;
    private Series[] handed = NONE;
    private volatile long stalls;

    /**
     * Without histograms at first: each is made when it is first used.
     *
     * @param room shared by all
     * @param on   false if nothing is to be recorded
     */
    public Recorder(HistogramRoom room, boolean on) {
        this.room = room;
        this.on = on;
    }

    /** False if nothing is recorded. */
    public boolean isOn() {
        return on;
    }

    /** Begins a turn: hands over what was asked for. */
    public void beginTurn() {
        if (handover.isDue()) {
            flip();
        }
    }

    private void flip() {
        runs.pass();
        boolean leaving = false;
        for (Series each : live) {
            each.flip();
            leaving |= each.isLeaving();
        }
        handed = live;
        if (leaving) {
            live = Arrays.stream(live).filter(each -> !each.isLeaving()).toArray(Series[]::new);
        }
        handover.done();
    }

    /** A histogram that is used for the first time. */
    Series open(SeriesKey key) {
        Series made = Series.of(key, room);
        if (made.hasRoom()) {
            live = Arrays.copyOf(live, live.length + 1);
            live[live.length - 1] = made;
        }
        return made;
    }

    /** What is still to go to the histograms. */
    Runs runs() {
        return runs;
    }

    /** A turn was so long that others must have noticed. */
    void stalled() {
        long count = stalls;
        stalls = count + 1;
    }

    /** Turns that were so long. Any thread. */
    public long stalls() {
        return stalls;
    }

    /** What the client half records of a pool; null if it records nothing. */
    public PoolLatency pool(String pool, CommandFamilies families) {
        return on ? new PoolLatency(this, pool, families) : null;
    }

    /** What the server half records of a server; null if it records nothing. */
    public ServerLatency server(String pool, String server) {
        return on ? new ServerLatency(this, pool, server) : null;
    }

    /** What is recorded of the turns of a thread. */
    public TurnLatency turns(String thread) {
        return new TurnLatency(this, thread);
    }

    /** How much is done in each turn. */
    public BatchSizes batches(SeriesKind kind, int lane) {
        return new BatchSizes(this, new SeriesKey(kind, null, null, "lane-" + lane));
    }

    /** Asks for all that is recorded until the next turn; after what was asked for before has been collected. */
    public void ask() {
        handover.ask();
    }

    /** True once what was asked for is there. */
    public boolean isHanded() {
        return handover.isHanded();
    }

    /** Takes what was handed over, and empties it. Once for each {@link #ask}, after {@link #isHanded}. */
    public void collect(BiConsumer<SeriesKey, Histogram> taker) {
        for (Series each : handed) {
            Histogram values = each.handed();
            if (values.getTotalCount() > 0) {
                taker.accept(each.key(), values);
                values.reset();
            }
            if (each.isLeaving()) {
                room.giveBack(each.bytes());
            }
        }
    }
}
