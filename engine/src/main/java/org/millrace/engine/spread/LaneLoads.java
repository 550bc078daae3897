package org.millrace.engine.spread;

/** How busy lanes are, as a policy sees them. */
public interface LaneLoads {
    /** How many lanes there are. */
    int count();

    /** Share of a processor that a lane's busier thread takes, in thousandths. */
    int busy(int lane);

    /** True while a lane does not turn: whoever is given to it has to wait. */
    boolean isStalled(int lane);

    /** Clients of a lane, those on their way to it included. */
    int clients(int lane);

    /** Processors that nobody on the machine, or in the cgroup, uses, in thousandths of one. */
    int idleProcessors();
}
