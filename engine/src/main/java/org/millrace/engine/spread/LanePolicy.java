package org.millrace.engine.spread;

/** Chooses lanes for new clients. One thread steps, one, which may be another, chooses. */
public interface LanePolicy {
    /** Looks at the loads anew. */
    void step(long nowNs, LaneLoads loads);

    /** Has clients move to other lanes where that is due. Whoever steps, after a step. */
    void move(long nowNs, LaneLoads loads, LaneMover mover);

    /** The lane of a client that comes now. */
    int choose(LaneLoads loads);

    /** How many lanes get clients at present, the first ones. Any thread. */
    int open();
}
