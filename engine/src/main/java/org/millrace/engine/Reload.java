package org.millrace.engine;

import java.io.IOException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.millrace.conf.AddressConfig;
import org.millrace.conf.ConfigException;
import org.millrace.conf.EngineConfig;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.control.Control;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.control.ServerNames;
import org.millrace.engine.control.Snapshots;
import org.millrace.io.Endpoint;
import org.millrace.routing.Topology;

/**
 * Goes over to another configuration while serving, on whoever's thread asks for it; it may wait, for names above all.
 * <pre>
 *   check, look up names ─▶ pools that come join the others ─▶ listeners change
 *          │ fails: nothing was done                                │ fails: those that came leave
 *   ─▶ clients of pools that go are served until they pause ─▶ pools and servers that go leave
 * </pre>
 */
final class Reload {
    private static final long LIMIT_NS = 10_000_000_000L;
    private static final long LOOK_NS = 1_000_000;
    /** Clients in the middle of a request to a pool that goes have so long at most; less if drain_ms is less. */
    private static final long FAREWELL_NS = 5_000_000_000L;

    private final EventLog log;
    private final Control control;
    private final Snapshots snapshots;
    private final ServerNames names;
    private final Listeners listeners;
    private final List<LaneHandle> lanes;
    private final long farewellNs;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile MillraceConfig current;

    Reload(MillraceConfig current, EventLog log, Control control, Snapshots snapshots, ServerNames names,
        Listeners listeners, List<LaneHandle> lanes) {
        this.current = current;
        this.log = log;
        this.control = control;
        this.snapshots = snapshots;
        this.names = names;
        this.listeners = listeners;
        this.lanes = lanes;
        farewellNs = Math.min(FAREWELL_NS, current.engine().drainMs() * 1_000_000L);
    }

    /**
     * Goes over to a configuration.
     *
     * @return what has changed, a line each
     * @throws ConfigException if it cannot be served; nothing has changed
     * @throws IOException     if an address cannot be bound, or a lane does not answer; nothing has changed
     */
    List<String> to(MillraceConfig next) throws IOException, InterruptedException {
        return adjust(before -> next);
    }

    /** The same with a configuration that is made of the present one. */
    List<String> adjust(UnaryOperator<MillraceConfig> change) throws IOException, InterruptedException {
        if (!busy.compareAndSet(false, true)) {
            throw new IOException("another reload is under way; try again when it is done");
        }
        try {
            return change(current, change.apply(current));
        } finally {
            busy.set(false);
        }
    }

    private List<String> change(MillraceConfig before, MillraceConfig next) throws IOException, InterruptedException {
        Unsupported.check(next);
        ConfigDiff.check(before, next);
        List<String> changes = ConfigDiff.lines(before, next);
        // also refuses what cannot be routed
        names.prepare(Topology.of(next, 1));
        Map<AddressConfig, Endpoint> endpoints = endpoints(next);
        List<PoolConfig> both = new ArrayList<>(before.pools());
        next.pools().stream().filter(pool -> !isIn(before, pool)).forEach(both::add);
        boolean grows = both.size() > before.pools().size();
        try {
            if (grows) {
                change(new MillraceConfig(next.file(), before.engine(), both));
            }
            Topology after = onControl(() -> snapshots.next(next));
            onLane(lanes.getFirst(), () -> {
                listeners.change(after, endpoints);
                return after;
            });
        } catch (IOException e) {
            if (grows) {
                goBack(before, e);
            }
            throw e;
        }
        names.interval(next.engine().resolveMs() * 1_000_000L);
        current = new MillraceConfig(next.file(), settings(next.engine()), next.pools());
        // from here on it cannot be taken back, nor need it be
        note(changes, () -> letGo(before, next));
        note(changes, () -> change(next));
        return changes;
    }

    /** A step that waits for lanes. That one does not answer is told, and does not stop the next step. */
    private void note(List<String> changes, Step step) throws InterruptedException {
        try {
            step.make();
        } catch (IOException e) {
            log.warn(e.getMessage());
            changes.add("but: " + e.getMessage());
        }
    }

    /** What may fail because a lane does not turn. */
    @FunctionalInterface
    private interface Step {
        void make() throws IOException, InterruptedException;
    }

    /** Those that hold from now on: what needs a restart is as it was at the start, and is told with each reload. */
    private EngineConfig settings(EngineConfig next) {
        EngineConfig old = current.engine();
        return new EngineConfig(old.lanes(), old.transport(), old.stageThreads(), old.waitStrategy(),
            old.moderationUs(), old.ringSlots(), old.drainMs(), next.resolveMs(), next.hotKeys(),
            old.histograms(), old.adminPort(), old.limits(), next.capture());
    }

    /** Clients of pools that go are served until they pause; those that were half way in a request have a while. */
    private void letGo(MillraceConfig before, MillraceConfig next) throws IOException, InterruptedException {
        Topology now = snapshots.topology();
        List<Integer> going = before.pools().stream().filter(pool -> !isIn(next, pool))
            .map(pool -> now.poolIndexOf(pool.name())).toList();
        if (going.isEmpty()) {
            return;
        }
        for (LaneHandle lane : lanes) {
            onLane(lane, () -> {
                going.forEach(pool -> lane.lane().client().state().life().letGo(pool, farewellNs));
                return lane;
            });
        }
        for (LaneHandle lane : lanes) {
            // each lane ends them all when their time is up; one that does not turn does not answer
            while (onLane(lane, () -> lane.lane().client().state().life().toLetGo()) > 0) {
                LockSupport.parkNanos(LOOK_NS);
            }
        }
    }

    /** Lets those that have come leave again. */
    private void goBack(MillraceConfig before, IOException why) throws InterruptedException {
        try {
            change(before);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private static boolean isIn(MillraceConfig config, PoolConfig pool) {
        return config.pools().stream().anyMatch(each -> each.name().equals(pool.name()));
    }

    private static Map<AddressConfig, Endpoint> endpoints(MillraceConfig config) throws IOException {
        Map<AddressConfig, Endpoint> endpoints = new HashMap<>();
        for (PoolConfig pool : config.pools()) {
            try {
                endpoints.put(pool.listen(), new Resolver().resolve(pool.listen()));
            } catch (UnknownHostException e) {
                throw new IOException("pool " + pool.name() + " cannot listen on " + pool.listen() + ": the name does "
                    + "not resolve; change its 'listen'", e);
            }
        }
        return endpoints;
    }

    /** All lanes have it when this returns. */
    private void change(MillraceConfig config) throws IOException, InterruptedException {
        onControl(() -> {
            snapshots.change(snapshots.next(config));
            return config;
        });
        long deadlineNs = System.nanoTime() + LIMIT_NS;
        while (!onControl(snapshots::isTaken)) {
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new IOException("a lane has not taken the new pools over in ten seconds; it will when it turns");
            }
            control.wakeUp();
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private <T> T onControl(Callable<T> task) throws IOException, InterruptedException {
        return on(control::offer, "the control thread", task);
    }

    private <T> T onLane(LaneHandle lane, Callable<T> task) throws IOException, InterruptedException {
        return on(lane.commands()::offer, "lane " + lane.lane().number(), task);
    }

    private static <T> T on(Predicate<Runnable> queue, String whose, Callable<T> task)
        throws IOException, InterruptedException {
        CompletableFuture<T> answer = Errand.send(queue, task);
        try {
            return answer.get(LIMIT_NS, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case IOException cause -> cause;
                case RejectedExecutionException full -> new IOException(whose + " has too much to do", full);
                default -> new IOException(e.getCause());
            };
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw new IOException(whose + " has not answered in ten seconds", e);
        }
    }
}
