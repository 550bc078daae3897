package org.millrace.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.control.Control;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.control.Health;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.control.LaneSpread;
import org.millrace.engine.control.Outside;
import org.millrace.engine.control.ProcessState;
import org.millrace.engine.control.Reloads;
import org.millrace.engine.control.ServerNames;
import org.millrace.engine.control.ServerProbe;
import org.millrace.engine.control.Snapshots;
import org.millrace.engine.control.Totals;
import org.millrace.engine.lane.LaneSetup;
import org.millrace.engine.lane.LaneThread;
import org.millrace.io.Transport;
import org.millrace.routing.Topology;

/**
 * A running proxy: lanes, listeners, control thread, stats port. Start it, stop it; several can run in one process.
 */
public final class Millrace implements AutoCloseable {
    /** The product's version. */
    public static final String VERSION = "0.1.0";

    private static final long DRAIN_LOOK_NS = 2_000_000;
    private static final long GOODBYE_NS = 250_000_000;
    /** So long a connection may take from its first packet until it can be accepted. */
    private static final long HANDSHAKE_NS = 1_000_000_000;

    private final MillraceConfig config;
    private final EventLog log;
    private final ServerNames names;
    private final Snapshots snapshots;
    private final Health health;
    private final Control control;
    private final TransportChoice transport;
    private final List<LaneHandle> lanes;
    private final LaneSpread spread;
    private final Listeners listeners;
    private final Reload reload;
    private final Ports ports;
    private final Measurements measurements;
    private final CaptureSwitch capture;
    private final Totals totals;
    private final Reloads reloads = new Reloads();
    private final ProcessState process;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile boolean broken;
    private volatile boolean drained;

    private Millrace(MillraceConfig config, StartOptions options, Surroundings around) throws IOException {
        this.config = config;
        log = options.log();
        control = new Control(log);
        Topology topology = Topology.of(config, 1);
        names = new ServerNames(topology, around.names(), log, config.engine().resolveMs() * 1_000_000L);
        snapshots = new Snapshots(topology, names);
        health = new Health(snapshots, new ServerProbe(control), log, Millrace::epochMicros);
        Outside outside = new Outside(snapshots, control, log, names, health);
        process = new ProcessState(VERSION, control::isReady, reloads, control::refused, outside::heldReports);
        LaneSetup setup = new LaneSetup(config, topology, snapshots.current().endpoints(), outside);
        transport = TransportChoice.of(config.engine());
        setup = setup.withLanes(transport.lanes());
        lanes = LaneFactory.make(setup, transport, around.clock(), this::onBroken);
        capture = new CaptureSwitch(lanes, log);
        spread = new LaneSpread(lanes, LaneFactory.policy(setup), log::info, around.machineLoad());
        totals = new Totals(lanes, health, spread);
        measurements = new Measurements(config, setup.histograms(), lanes, totals, process, log, snapshots,
            stopping::get, transport.name());
        snapshots.start(lanes);
        health.start(totals::goodReplies);
        control.also(nowNs -> snapshots.look());
        control.also(health::look);
        control.also(nowNs -> spread.look(around.clock().getAsLong()));
        control.also(measurements::look);
        listeners = new Listeners(config, lanes, spread, text -> control.offer(() -> log.warn(text)));
        reload = new Reload(config, log, control, snapshots, names, listeners, lanes);
        Administration.begin(control, lanes, totals, measurements, reload, log);
        Ports bound;
        try {
            capture.begin(config);
            listeners.open();
            bound = Ports.open(config, options, measurements, process, listeners.areShared());
        } catch (IOException | RuntimeException e) {
            capture.end();
            closeTransports();
            closeArenas();
            throw e;
        }
        ports = bound;
        control.also(ports::look);
    }

    /**
     * Starts a proxy; it serves when this returns.
     *
     * @throws IOException if an address cannot be bound; the message names it and the remedy
     */
    public static Millrace start(MillraceConfig config, StartOptions options) throws IOException {
        return start(config, options, new Surroundings(new Resolver()));
    }

    /** The same in other surroundings. */
    public static Millrace start(MillraceConfig config, StartOptions options, Surroundings around) throws IOException {
        Unsupported.check(config);
        Millrace millrace = new Millrace(config, options, around);
        millrace.run();
        return millrace;
    }

    private void run() {
        control.start(lanes, measurements.info());
        measurements.start();
        for (int pool = 0; pool < config.pools().size(); pool++) {
            if (config.pools().get(pool).preconnect()) {
                for (LaneHandle lane : lanes.subList(0, spread.open())) {
                    lane.lane().server().preconnect(pool, System.nanoTime());
                }
            }
        }
        for (LaneHandle lane : lanes) {
            lane.threads().forEach(LaneThread::start);
        }
        names.start(control::wakeUp);
        config.warnings().forEach(log::warn);
        Unsupported.warnings(config).forEach(log::warn);
        DescriptorLimit.warnings(config).forEach(log::warn);
        ports.tell(log);
        if (transport.isSecondBest()) {
            log.warn(transport.notice());
        } else if (transport.notice() != null) {
            log.info(transport.notice());
        }
        log.always("millrace " + VERSION + " started, " + listeners + "; "
            + (lanes.size() > spread.open() ? "1 to " : "") + lanes.size()
            + (lanes.size() == 1 ? " lane of " : " lanes of ") + Runtime.getRuntime().availableProcessors()
            + " processors, transport " + transport.name());
    }

    private static long epochMicros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    private void onBroken(Throwable fault) {
        broken = true;
        log.error("a lane has ended; the process cannot go on", fault);
        stopped.countDown();
    }

    /**
     * Goes over to another configuration: pools and servers come, go and change; what is as it was notices nothing. May
     * be called by any thread, and takes as long as names take to resolve.
     *
     * @return what has changed, a line each
     * @throws org.millrace.conf.ConfigException if it cannot be served; nothing has changed
     * @throws IOException if an address cannot be bound; nothing has changed
     */
    public List<String> reload(MillraceConfig next) throws IOException, InterruptedException {
        return reload(() -> next);
    }

    /** The same with what a file says now; one that is bad is counted as a reload that has failed. */
    public List<String> reload(Path file) throws IOException, InterruptedException {
        return reload(() -> ConfigReader.read(file));
    }

    /** The same with what this gives. */
    public List<String> reload(Supplier<MillraceConfig> source) throws IOException, InterruptedException {
        try {
            MillraceConfig next = source.get();
            List<String> changes = capture.around(next, () -> reload.to(next));
            measurements.use(next);
            next.warnings().forEach(log::warn);
            Unsupported.warnings(next).forEach(log::warn);
            DescriptorLimit.warnings(next).forEach(log::warn);
            reloads.succeeded(changes.size());
            return changes;
        } catch (IOException | RuntimeException e) {
            reloads.failed(e.getMessage());
            throw e;
        }
    }

    /** The port of a pool's listener: the real one if the configuration says 0. */
    public int port(int pool) {
        return listeners.port(pool);
    }

    /** The stats port, 0 if there is none. */
    public int statsPort() {
        return ports.statsPort();
    }

    /** How lanes talk to the operating system: {@code io_uring} or {@code nio}. */
    public String transport() {
        return transport.name();
    }

    /** Counters over all lanes. */
    public Totals totals() {
        return totals;
    }

    /** The lanes, for those who look inside. */
    public List<LaneHandle> lanes() {
        return lanes;
    }

    /** Errors logged: faults inside this process. */
    public long errors() {
        return log.errors();
    }

    /** Waits until {@link #stop()} has ended, or a lane has broken. Returns false in the second case. */
    public boolean awaitStop() throws InterruptedException {
        stopped.await();
        return !broken;
    }

    /**
     * Stops: accepts no more, answers what is in flight, at most for the time that the configuration gives, and closes.
     * Where another process listens on the same port, clients are served before for as long, until they leave.
     *
     * @return true if everything in flight was answered
     */
    public boolean stop() {
        if (!stopping.compareAndSet(false, true)) {
            return awaitOtherStop();
        }
        try {
            if (listeners.leave()) {
                handOver();
            }
            lanes.forEach(lane -> onLane(lane, () -> {
                listeners.close(lane);
                lane.lane().client().state().life().drain();
                return true;
            }));
            drained = drain();
            sayGoodbye();
            names.stop();
            ports.close();
            for (LaneHandle lane : lanes) {
                for (LaneThread thread : lane.threads()) {
                    thread.stop();
                }
            }
            capture.end();
            control.stop();
            measurements.stop(threadsEnded());
            log.flush();
            log.always(drained ? "stopped" : "stopped with requests unanswered");
        } catch (IOException e) {
            log.warn("while stopping: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeTransports();
        if (threadsEnded()) {
            lanes.forEach(lane -> lane.commands().close());
            lanes.forEach(lane -> lane.lane().server().closeShared());
            closeArenas();
        }
        stopped.countDown();
        return drained;
    }

    /** New clients go to another process; those that are here are served until they leave, or their time is up. */
    private void handOver() throws IOException {
        log.always("another process takes over: clients have " + config.engine().drainMs() + " ms to leave");
        ports.close();
        lanes.forEach(lane -> onLane(lane, () -> {
            lane.lane().client().state().life().leave();
            return true;
        }));
        long startNs = System.nanoTime();
        long limitNs = config.engine().drainMs() * 1_000_000L;
        long elapsedNs = 0;
        boolean gone = false;
        while (!broken && elapsedNs < limitNs && !(gone && elapsedNs >= HANDSHAKE_NS)) {
            LockSupport.parkNanos(DRAIN_LOOK_NS);
            gone = areClientsGone();
            elapsedNs = System.nanoTime() - startNs;
        }
    }

    private boolean areClientsGone() {
        boolean gone = true;
        for (LaneHandle lane : lanes) {
            gone &= onLane(lane, () -> lane.lane().client().state().life().clients().isEmpty());
        }
        return gone;
    }

    private boolean awaitOtherStop() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return drained;
    }

    /** Clients get their time to close, so that nothing that was answered is lost in a reset. */
    private void sayGoodbye() {
        lanes.forEach(lane -> onLane(lane, () -> {
            lane.lane().client().state().life().sayGoodbye();
            return true;
        }));
        long deadlineNs = System.nanoTime() + GOODBYE_NS;
        boolean gone = false;
        while (!broken && !gone && System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(DRAIN_LOOK_NS);
            gone = areClientsGone();
        }
    }

    private boolean drain() {
        long deadlineNs = System.nanoTime() + config.engine().drainMs() * 1_000_000L;
        while (!broken) {
            boolean done = true;
            for (LaneHandle lane : lanes) {
                done &= onLane(lane, () -> lane.lane().client().state().life().isDrained());
            }
            if (done || System.nanoTime() - deadlineNs >= 0) {
                return done;
            }
            LockSupport.parkNanos(DRAIN_LOOK_NS);
        }
        return false;
    }

    /** Asks on the lane's own thread; false if the lane does not answer in time. */
    private boolean onLane(LaneHandle lane, java.util.concurrent.Callable<Boolean> question) {
        try {
            return Errand.send(lane.commands()::offer, question).get(1, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            return false;
        }
    }

    private void closeTransports() {
        List<Transport> all = new ArrayList<>();
        lanes.forEach(lane -> all.addAll(lane.transports()));
        all.forEach(Transport::close);
    }

    private boolean threadsEnded() {
        return lanes.stream().flatMap(lane -> lane.threads().stream()).noneMatch(lane -> lane.thread().isAlive());
    }

    /** Gives memory back to the system; what requests that were cut off still hold is left to the collector. */
    private void closeArenas() {
        for (LaneHandle lane : lanes) {
            for (Transport transport : lane.transports()) {
                long out = transport.arena().segmentsInUse();
                if (out == 0) {
                    transport.arena().close();
                } else {
                    log.warn(out + " segments of lane " + lane.lane().number() + " were in use at the stop");
                }
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}
