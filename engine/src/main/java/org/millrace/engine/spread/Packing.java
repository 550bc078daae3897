package org.millrace.engine.spread;

/**
 * Of {@code lanes: auto}: as few lanes as can carry the load, because more lanes would share it in smaller batches. A
 * new client goes to the first open lane below the mark. The next lane opens when all that are open have been above it
 * for a while, and the machine has a processor to run it on; the last one closes, which means that no new client goes
 * there and those that are there move away, when the load has for long been one that the others carry easily.
 */
public final class Packing implements LanePolicy {
    /** Busy shares in thousandths: a lane above it gets no client that another can have. */
    static final int MARK = 720;
    /** What is left for each of the others must be below, for the last lane to close. */
    static final int EASY = 500;
    /** What a further lane must find unused of the machine's processors. */
    static final int IDLE = 250;
    static final long OPEN_NS = 1_000_000_000L;
    static final long CLOSE_NS = 10_000_000_000L;

    private final int lanes;
    private final int clientsMax;
    private final Span above = new Span();
    private final Span easy = new Span();
    private final Rebalance rebalance;
    private volatile int open = 1;
    /** What a client adds to its lane, on average. */
    private volatile double busyPerClient;
    private volatile int steps;
    /** Of whoever chooses: clients given to each lane since the last step, whose work no load shows yet. */
    private final int[] given;
    private int stepSeen;

    /**
     * With one open lane.
     *
     * @param lanes      most that can be open
     * @param clientsMax most clients that a lane can have
     */
    public Packing(int lanes, int clientsMax) {
        this.lanes = lanes;
        this.clientsMax = clientsMax;
        given = new int[lanes];
        rebalance = new Rebalance(clientsMax);
    }

    @Override
    public void step(long nowNs, LaneLoads loads) {
        int count = open;
        boolean allAbove = true;
        long busy = 0;
        long clients = 0;
        for (int lane = 0; lane < lanes; lane++) {
            allAbove &= lane >= count || loads.isStalled(lane) || loads.busy(lane) >= MARK;
            busy += loads.busy(lane);
            clients += loads.clients(lane);
        }
        boolean grow = count < lanes && allAbove && loads.idleProcessors() >= IDLE;
        if (above.lasts(grow, nowNs, OPEN_NS)) {
            open = count + 1;
            above.end();
        } else if (easy.lasts(busy < (count - 1) * EASY, nowNs, CLOSE_NS)) {
            open = count - 1;
            easy.end();
        }
        busyPerClient = clients == 0 ? 0 : (double) busy / clients;
        steps++;
    }

    @Override
    public void move(long nowNs, LaneLoads loads, LaneMover mover) {
        rebalance.step(nowNs, loads, open, mover);
    }

    @Override
    public int choose(LaneLoads loads) {
        if (stepSeen != steps) {
            stepSeen = steps;
            java.util.Arrays.fill(given, 0);
        }
        int count = open;
        int best = -1;
        double least = Double.MAX_VALUE;
        for (int lane = 0; lane < count; lane++) {
            double expected = loads.busy(lane) + given[lane] * busyPerClient;
            if (hasRoom(loads, lane) && expected < least) {
                best = lane;
                least = expected;
                if (expected < MARK) {
                    break;
                }
            }
        }
        for (int lane = count; best < 0 && lane < lanes; lane++) {
            // however little they do: the open lanes have no room for their records, or do not turn
            best = hasRoom(loads, lane) ? lane : best;
        }
        int chosen = Math.max(0, best);
        given[chosen]++;
        return chosen;
    }

    private boolean hasRoom(LaneLoads loads, int lane) {
        return loads.clients(lane) < clientsMax && !loads.isStalled(lane);
    }

    @Override
    public int open() {
        return open;
    }
}
