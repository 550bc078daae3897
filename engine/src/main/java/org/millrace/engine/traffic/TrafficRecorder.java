package org.millrace.engine.traffic;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.millrace.engine.latency.Handover;
import org.millrace.engine.latency.HistogramRoom;

/**
 * What is sampled of the traffic of a lane's clients. The client half's thread fills it; the control thread asks for
 * it, and gets it when the half begins its next turn. Methods are the half's thread's, but for {@link #use},
 * {@link #ask}, {@link #isHanded} and {@link #collect}, which are the control thread's.
 */
public final class TrafficRecorder {
    /** Requests at a time whose replies are waited for. */
    public static final int SAMPLES_MAX = 256;

    private static final PoolTraffic[] NONE = {};

    private final HistogramRoom room;
    private final Handover handover = new Handover();
    private boolean on;
    private PoolTraffic[] live = NONE;
    private PoolTraffic[] handed = NONE;
    private Sample free;
    private int samples;
    private volatile boolean wanted;

    /**
     * With nothing recorded.
     *
     * @param room shared by all lanes
     * @param on   whether anything is to be recorded at first
     */
    public TrafficRecorder(HistogramRoom room, boolean on) {
        this.room = room;
        this.on = on;
        wanted = on;
    }

    /** True if requests are to be looked at. */
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
        on = wanted;
        boolean leaving = false;
        for (PoolTraffic each : live) {
            each.flip(!on);
            leaving |= each.isRetired();
        }
        handed = live;
        if (leaving) {
            live = Arrays.stream(live).filter(each -> !each.isRetired()).toArray(PoolTraffic[]::new);
        }
        handover.done();
    }

    /**
     * A pool that is served from now on.
     *
     * @param commands names of the commands of its protocol, by number; for any thread
     * @param keys     finds those of its requests
     */
    public PoolTraffic pool(String name, IntFunction<String> commands, RequestKeys keys) {
        PoolTraffic made = new PoolTraffic(room, name, commands, keys);
        live = Arrays.copyOf(live, live.length + 1);
        live[live.length - 1] = made;
        return made;
    }

    /** Something to remember a request by until its reply is here; null if there are too many already. */
    public Sample acquire() {
        Sample sample = free;
        if (sample != null) {
            free = sample.next;
            sample.next = null;
        } else if (samples < SAMPLES_MAX) {
            samples++;
            sample = new Sample();
        }
        return sample;
    }

    /** Its reply is here, or will never be. */
    public void release(Sample sample) {
        sample.clear();
        sample.next = free;
        free = sample;
    }

    /** Begins or ceases to record, with what is asked for next. */
    public void use(boolean next) {
        wanted = next;
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
    public void collect(Consumer<PoolTraffic> taker) {
        for (PoolTraffic each : handed) {
            if (each.given() != null) {
                taker.accept(each);
                each.taken();
            }
        }
    }
}
