package org.millrace.engine.link;

/**
 * How many requests a link may have in flight so that they are answered in time. Beyond what a server can answer within
 * the timeout, every further request in flight only makes all of them late, and in the end none is answered. So while
 * replies come late the limit follows the rate at which the server answers, and grows again while they come soon.
 *
 * <p>Time is looked at in windows. Only with a timeout; else the limit is that of the configuration.
 */
final class LinkPace {
    static final int LEAST = 16;
    private static final int START_PART = 16;
    private static final long WINDOW_NS = 50_000_000;

    private final long timeoutNs;
    private final int most;
    private int limit;
    private long windowStartNs;
    private int replies;
    private int expired;
    private boolean reached;
    private boolean busy;
    /** How long the last reply took. */
    private long latencyNs;
    /** Between two replies of a server that has more to do than it can; 0 if it has not, or if that is not known. */
    private long intervalNs;
    /** Windows with no reply at all before this one: a server that answers by bursts is as slow as they are rare. */
    private long silentNs;

    /**
     * The pace of one link.
     *
     * @param timeoutNs limit for one request, Long.MAX_VALUE for none
     * @param most      most in flight in any case
     */
    LinkPace(long timeoutNs, int most) {
        this.timeoutNs = timeoutNs;
        this.most = most;
        limit = timeoutNs == Long.MAX_VALUE ? most : Math.min(most, Math.max(LEAST, most / START_PART));
    }

    /** Most requests in flight at the moment. */
    int limit() {
        return limit;
    }

    /** A request had to wait because the limit was reached. */
    void reached() {
        reached = true;
    }

    /** A reply has come for a request that was sent so long ago. */
    void replied(long afterNs) {
        replies++;
        latencyNs = afterNs;
    }

    /** A request in flight was not answered in time. */
    void expired() {
        expired++;
    }

    /**
     * How long a request that is sent now may wait for its reply, as far as is known, and a quarter more. With few in
     * flight it is not the rate that counts: no less than the last one has waited, up to an eighth of the timeout.
     */
    long expectedNs(int inFlight) {
        return intervalNs == 0 ? 0 : Math.max(intervalNs * (inFlight + 1) / 4 * 5,
            Math.min(latencyNs, timeoutNs / 8));
    }

    /**
     * Looks whether a window is over.
     *
     * @param inFlight requests in flight
     */
    void look(long nowNs, int inFlight) {
        if (timeoutNs == Long.MAX_VALUE) {
            return;
        }
        long lengthNs = nowNs - windowStartNs;
        if (lengthNs < WINDOW_NS) {
            busy &= inFlight > 0;
            return;
        }
        if (busy && lengthNs < 2 * WINDOW_NS) {
            adapt(lengthNs);
        } else {
            intervalNs = 0;
            silentNs = 0;
        }
        windowStartNs = nowNs;
        replies = 0;
        expired = 0;
        reached = false;
        busy = inFlight > 0;
    }

    private void adapt(long lengthNs) {
        // one whose time was up soon after it was sent had waited too long before, which tells nothing of the server
        boolean late = latencyNs > timeoutNs / 4 * 3 || expired > 0 && replies == 0;
        if (replies == 0 && intervalNs > 0 && silentNs < timeoutNs / 2) {
            silentNs += lengthNs;
            return;
        }
        long sampleNs = replies == 0 ? 0 : (lengthNs + silentNs) / replies;
        silentNs = 0;
        if (!late && !reached) {
            // it had as much to do as was asked: that tells nothing of how much it can
            intervalNs = 0;
        } else {
            intervalNs = intervalNs == 0 || sampleNs == 0 ? sampleNs : (intervalNs * 3 + sampleNs) / 4;
        }
        if (late) {
            long answered = intervalNs == 0 ? 0 : timeoutNs / 2 / intervalNs;
            limit = Math.clamp(answered, Math.min(LEAST, most), most);
        } else if (reached && latencyNs < timeoutNs / 4) {
            limit = (int) Math.min(most, limit * 2L);
        }
    }
}
