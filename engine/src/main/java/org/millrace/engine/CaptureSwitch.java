package org.millrace.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.millrace.conf.CaptureConfig;
import org.millrace.conf.ConfigError;
import org.millrace.conf.ConfigException;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.tap.LaneTap;
import org.millrace.engine.tap.TapPump;
import org.millrace.engine.tap.TapSink;
import org.millrace.engine.tap.TapSinks;

/** Begins and ends the capture of traffic, at the start and with reloads, which come one at a time. */
final class CaptureSwitch {
    private static final long LIMIT_S = 10;

    private final List<LaneHandle> lanes;
    private final EventLog log;
    /** What is in force; null while nothing is captured. */
    private volatile CaptureConfig current;
    private TapPump pump;

    CaptureSwitch(List<LaneHandle> lanes, EventLog log) {
        this.lanes = lanes;
        this.log = log;
    }

    /** What a reload does besides. */
    @FunctionalInterface
    interface Change {
        /** Returns what has changed. */
        List<String> make() throws IOException, InterruptedException;
    }

    /** Refuses a capture for which this process has no writer. */
    static void check(MillraceConfig config, List<ConfigError> errors) {
        for (PoolConfig pool : config.pools()) {
            if (pool.captured() && TapSinks.find() == null) {
                errors.add(new ConfigError(config.file(), 0, 0, pool.name() + ".capture", "true", "the server alone "
                    + "cannot capture; start it with 'millrace capture -c FILE', or remove this"));
            }
        }
    }

    /**
     * At the start, before lanes have threads.
     *
     * @throws IOException if nothing can be kept where the configuration says
     */
    void begin(MillraceConfig config) throws IOException {
        CaptureConfig wanted = wanted(config);
        if (wanted != null) {
            List<LaneTap> taps = start(wanted, open(config, wanted));
            for (int i = 0; i < taps.size(); i++) {
                lanes.get(i).lane().client().state().taps().use(taps.get(i));
            }
        }
    }

    /**
     * With a reload: what could go wrong comes first, what changes last.
     *
     * @throws IOException if nothing can be kept where the configuration says; nothing has changed
     */
    List<String> around(MillraceConfig next, Change reload) throws IOException, InterruptedException {
        CaptureConfig wanted = wanted(next);
        boolean same = wanted == null ? current == null : wanted.equals(current);
        TapSink sink = same || wanted == null ? null : open(next, wanted);
        List<String> changes;
        try {
            changes = new ArrayList<>(reload.make());
        } catch (IOException | InterruptedException | RuntimeException e) {
            if (sink != null) {
                sink.close();
            }
            throw e;
        }
        if (!same) {
            TapPump before = pump;
            current = null;
            pump = null;
            use(sink == null ? null : start(wanted, sink));
            if (before != null) {
                changes.add(before.stop());
            }
        }
        return changes;
    }

    /** At the stop, when lanes have no threads any more. */
    void end() {
        TapPump last = pump;
        pump = null;
        if (last != null) {
            try {
                log.always(last.stop());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Null if no pool is to be captured. */
    private static CaptureConfig wanted(MillraceConfig config) {
        return config.pools().stream().anyMatch(PoolConfig::captured) ? config.engine().capture() : null;
    }

    private TapSink open(MillraceConfig config, CaptureConfig wanted) throws IOException {
        TapSinks sinks = TapSinks.find();
        if (sinks == null) {
            List<ConfigError> errors = new ArrayList<>();
            check(config, errors);
            throw new ConfigException(config.file(), errors);
        }
        return sinks.open(wanted, log::always);
    }

    private List<LaneTap> start(CaptureConfig wanted, TapSink sink) {
        List<LaneTap> taps = lanes.stream().map(lane -> new LaneTap(lane.lane().number(), wanted.sample(),
            wanted.ring(), lane.lane().client().state().counters())).toList();
        pump = new TapPump(taps, sink, this::onFailure, System::nanoTime);
        current = wanted;
        pump.start();
        return taps;
    }

    /** Returns when every lane uses its tap, or none if there are none. */
    private void use(List<LaneTap> taps) throws InterruptedException {
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < lanes.size(); i++) {
            LaneHandle lane = lanes.get(i);
            LaneTap tap = taps == null ? null : taps.get(i);
            answers.add(Errand.send(lane.commands()::offer, () -> {
                lane.lane().client().state().taps().use(tap);
                return true;
            }));
        }
        for (CompletableFuture<Boolean> answer : answers) {
            try {
                answer.get(LIMIT_S, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                log.warn("a lane has not changed its capture: " + e);
            }
        }
    }

    /** The pump's thread: nothing is kept any more, so nothing need be copied. The next reload may try again. */
    private void onFailure(String text) {
        log.warn(text + "; the next reload begins another one");
        current = null;
        for (LaneHandle lane : lanes) {
            lane.commands().offer(() -> lane.lane().client().state().taps().use(null));
        }
    }
}
