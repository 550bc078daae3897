package org.millrace.engine.spread;

/**
 * When clients move. From a lane that has been above the mark for a while to the least busy one, if that is far below;
 * so many as to make both equal, if all clients are alike. Clients that are not alike could make the other lane the
 * busy one, and so for ever: after a move that has not helped the next waits twice as long. And from lanes that get no
 * more clients to those that do. A bounded number at a time, and what has moved must show in the loads before more do.
 * A lane that does not turn neither gets nor gives: it may look idle, and whoever came to it would wait.
 */
final class Rebalance {
    /** The other lane must be below: with what it gets it is still far from the mark. */
    static final int LOW = 500;
    /** Most clients that are asked to move at a time. */
    static final int BATCH_MAX = 64;
    /** From a move to the next: loads are smoothed over a second. */
    static final long SETTLE_NS = 2_000_000_000L;
    static final long BACK_OFF_MAX_NS = 128_000_000_000L;
    /** A move has helped if the busiest lane has become less busy by so much. */
    static final int HELPED = 40;
    static final long ABOVE_NS = 1_000_000_000L;

    private final int clientsMax;
    private final Span above = new Span();
    private long pauseNs = SETTLE_NS;
    private long movedNs;
    private int mostBefore;
    private boolean hasMoved;
    private long spreadNs;
    private boolean hasSpread;
    private boolean isJudged;

    Rebalance(int clientsMax) {
        this.clientsMax = clientsMax;
    }

    /**
     * Looks whether somebody is to move.
     *
     * @param open lanes that get clients, the first ones
     */
    void step(long nowNs, LaneLoads loads, int open, LaneMover mover) {
        if (hasMoved && nowNs - movedNs < SETTLE_NS) {
            return;
        }
        int least = -1;
        int most = -1;
        for (int lane = 0; lane < open; lane++) {
            if (!loads.isStalled(lane)) {
                least = least < 0 || loads.busy(lane) < loads.busy(least) ? lane : least;
                most = most < 0 || loads.busy(lane) > loads.busy(most) ? lane : most;
            }
        }
        boolean isUneven = most >= 0 && loads.busy(most) >= Packing.MARK && loads.busy(least) < LOW
            && loads.clients(most) > 1 && loads.idleProcessors() >= Packing.IDLE;
        if (above.lasts(isUneven, nowNs, ABOVE_NS) && isDue(nowNs, loads.busy(most))) {
            int difference = loads.busy(most) - loads.busy(least);
            int half = (int) ((long) loads.clients(most) * difference / (2L * loads.busy(most)));
            hasSpread = true;
            isJudged = false;
            spreadNs = nowNs;
            mostBefore = loads.busy(most);
            above.end();
            order(nowNs, loads, mover, most, least, Math.max(1, half));
        } else if (!isUneven) {
            empty(nowNs, loads, open, mover);
        }
    }

    /** How long to wait is decided once for each move, when loads show what it has brought. */
    private boolean isDue(long nowNs, int most) {
        if (!hasSpread || nowNs - spreadNs >= 2 * BACK_OFF_MAX_NS) {
            pauseNs = SETTLE_NS;
            return true;
        }
        if (!isJudged) {
            isJudged = true;
            pauseNs = mostBefore - most >= HELPED ? SETTLE_NS : Math.min(BACK_OFF_MAX_NS, pauseNs * 2);
        }
        return nowNs - spreadNs >= pauseNs;
    }

    /** Lanes that have closed lose their clients to the least busy of the others that have room below the mark. */
    private void empty(long nowNs, LaneLoads loads, int open, LaneMover mover) {
        for (int lane = loads.count() - 1; lane >= open; lane--) {
            int clients = loads.isStalled(lane) ? 0 : loads.clients(lane);
            int best = -1;
            for (int other = 0; other < open && clients > 0; other++) {
                boolean hasRoom = loads.clients(other) < clientsMax && !loads.isStalled(other)
                    && loads.busy(other) + share(loads, lane) < Packing.MARK;
                best = hasRoom && (best < 0 || loads.busy(other) < loads.busy(best)) ? other : best;
            }
            if (best >= 0) {
                order(nowNs, loads, mover, lane, best, clients);
                return;
            }
        }
    }

    /** What a batch of a lane's clients adds to another one. */
    private static int share(LaneLoads loads, int lane) {
        return (int) ((long) loads.busy(lane) * Math.min(BATCH_MAX, loads.clients(lane)) / loads.clients(lane));
    }

    private void order(long nowNs, LaneLoads loads, LaneMover mover, int from, int to, int clients) {
        int count = Math.min(Math.min(BATCH_MAX, clients), clientsMax - loads.clients(to));
        if (count > 0) {
            hasMoved = true;
            movedNs = nowNs;
            mover.move(from, to, count);
        }
    }
}
