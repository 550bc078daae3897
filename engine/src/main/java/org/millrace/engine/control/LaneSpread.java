package org.millrace.engine.control;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.millrace.engine.client.ClientMoves;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.spread.EvenSpread;
import org.millrace.engine.spread.LaneLoads;
import org.millrace.engine.spread.LaneMeter;
import org.millrace.engine.spread.LanePolicy;

/**
 * Measures the lanes of a process, and has a policy choose among them. The control thread looks, the first lane's
 * thread chooses.
 */
public final class LaneSpread implements LaneLoads {
    private static final int WHOLE = 1000;
    /** Nobody wants to know what the machine does while all lanes are less busy. */
    private static final int BUSY = 500;

    private final List<LaneHandle> lanes;
    private final LanePolicy policy;
    private final LaneMeter meter;
    private final DoubleSupplier machineLoad;
    private final Consumer<String> log;
    /** Control thread. */
    private int idleProcessors;

    /**
     * Of lanes that have no client yet.
     *
     * @param log         takes texts, on the control thread
     * @param machineLoad how busy the machine is: a share of all its processors, negative if that is not known
     */
    public LaneSpread(List<LaneHandle> lanes, LanePolicy policy, Consumer<String> log, DoubleSupplier machineLoad) {
        this.lanes = lanes;
        this.policy = policy;
        this.log = log;
        this.machineLoad = machineLoad;
        meter = new LaneMeter(lanes);
    }

    /** Evenly, and nothing is logged. */
    public static LaneSpread even(List<LaneHandle> lanes) {
        return new LaneSpread(lanes, new EvenSpread(lanes.size()), text -> { }, () -> 1);
    }

    /**
     * Control thread.
     *
     * @return nanoseconds until the next look
     */
    public long look(long nowNs) {
        if (meter.look(nowNs)) {
            int before = policy.open();
            idleProcessors = lanes.size() > 1 && isSomeBusy() ? askMachine() : 0;
            policy.step(nowNs, this);
            int open = policy.open();
            if (open != before) {
                log.accept((open > before ? "lane " + (open - 1) + " gets clients, too: the others are busy"
                    : "lane " + open + " gets no more clients: the others can carry the load") + ", " + busyText());
            }
            // after the line that tells why clients move
            policy.move(nowNs, this, this::move);
        }
        return meter.dueInNs(nowNs);
    }

    private boolean isSomeBusy() {
        boolean busy = false;
        for (int lane = 0; lane < lanes.size(); lane++) {
            busy |= meter.busy(lane) >= BUSY || isStalled(lane);
        }
        return busy;
    }

    /** A lane whose queue is full is asked again when the policy looks again. */
    private void move(int from, int to, int clients) {
        ClientMoves moves = lanes.get(from).lane().client().state().life().moves();
        lanes.get(from).commands().offer(() -> moves.begin(clients, lanes.get(to)::take));
    }

    private int askMachine() {
        double load = machineLoad.getAsDouble();
        int processors = Runtime.getRuntime().availableProcessors();
        return (int) ((load < 0 ? 1 : 1 - load) * processors * WHOLE);
    }

    private String busyText() {
        StringBuilder text = new StringBuilder("busy shares are");
        for (int lane = 0; lane < lanes.size(); lane++) {
            text.append(' ').append(share(busy(lane)));
        }
        return text.toString();
    }

    /** The lane of a client that comes now. First lane's thread. */
    public LaneHandle choose() {
        return lanes.get(policy.choose(this));
    }

    /** How many lanes get clients at present. Any thread. */
    public int open() {
        return policy.open();
    }

    @Override
    public int count() {
        return lanes.size();
    }

    @Override
    public int busy(int lane) {
        return meter.busy(lane);
    }

    @Override
    public boolean isStalled(int lane) {
        return lanes.get(lane).isStalled();
    }

    @Override
    public int clients(int lane) {
        return lanes.get(lane).clientCount();
    }

    @Override
    public int idleProcessors() {
        return idleProcessors;
    }

    /** Requests a second of a lane. Any thread. */
    public long requestsPerSecond(int lane) {
        return meter.requestsPerSecond(lane);
    }

    /** A counter of a lane's client half. Any thread. */
    long count(int lane, ClientHalfCounter counter) {
        return lanes.get(lane).count(counter);
    }

    /** Whether a lane gathers events at present. Any thread. */
    boolean isModerated(int lane) {
        return lanes.get(lane).count(ClientHalfCounter.MODERATED) > 0;
    }

    /** A busy share as reports tell it: of a processor, with two digits. */
    static String share(int thousandths) {
        int hundredths = (thousandths + 5) / 10;
        return hundredths / 100 + "." + hundredths / 10 % 10 + hundredths % 10;
    }
}
