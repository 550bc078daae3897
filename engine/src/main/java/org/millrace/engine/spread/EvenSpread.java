package org.millrace.engine.spread;

/**
 * Of {@code lanes: N}: a new client goes to the lane with the fewest, of those to the least busy; to
 * one that does not turn only if none does. Clients move
 * only from a lane above the mark to one that does far less.
 */
public final class EvenSpread implements LanePolicy {
    private final int lanes;
    private final Rebalance rebalance;

    /** Of so many lanes without a limit of clients. */
    public EvenSpread(int lanes) {
        this(lanes, Integer.MAX_VALUE);
    }

    /**
     * Of so many lanes.
     *
     * @param clientsMax most clients that a lane can have
     */
    public EvenSpread(int lanes, int clientsMax) {
        this.lanes = lanes;
        rebalance = new Rebalance(clientsMax);
    }

    @Override
    public void step(long nowNs, LaneLoads loads) {
        // what a choice needs it looks at itself
    }

    @Override
    public void move(long nowNs, LaneLoads loads, LaneMover mover) {
        rebalance.step(nowNs, loads, lanes, mover);
    }

    @Override
    public int choose(LaneLoads loads) {
        int best = 0;
        for (int lane = 1; lane < lanes; lane++) {
            best = isBetter(loads, lane, best) ? lane : best;
        }
        return best;
    }

    private static boolean isBetter(LaneLoads loads, int lane, int best) {
        if (loads.isStalled(lane) != loads.isStalled(best)) {
            return loads.isStalled(best);
        }
        int difference = loads.clients(lane) - loads.clients(best);
        return difference < 0 || difference == 0 && loads.busy(lane) < loads.busy(best);
    }

    @Override
    public int open() {
        return lanes;
    }
}
