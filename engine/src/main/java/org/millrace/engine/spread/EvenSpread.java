package org.millrace.engine.spread;

/** Of {@code lanes: N}: a new client goes to the lane with the fewest, of those to the least busy. */
public final class EvenSpread implements LanePolicy {
    private final int lanes;

    public EvenSpread(int lanes) {
        this.lanes = lanes;
    }

    @Override
    public void step(long nowNs, LaneLoads loads) {
        // what a choice needs it looks at itself
    }

    @Override
    public int choose(LaneLoads loads) {
        int best = 0;
        for (int lane = 1; lane < lanes; lane++) {
            int difference = loads.clients(lane) - loads.clients(best);
            if (difference < 0 || difference == 0 && loads.busy(lane) < loads.busy(best)) {
                best = lane;
            }
        }
        return best;
    }

    @Override
    public int open() {
        return lanes;
    }
}
