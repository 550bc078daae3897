package org.millrace.engine.latency;

/** How long the turns of a lane's thread take, without the wait for I/O. That thread. */
public final class TurnLatency {
    /** A turn that takes longer holds up every client of its lane. */
    public static final long STALL_NS = 10_000_000;

    private final Recorder recorder;
    private final String thread;
    private Series turns;
    private long beganNs;
    private boolean worked;

    TurnLatency(Recorder recorder, String thread) {
        this.recorder = recorder;
        this.thread = thread;
    }

    /** Another turn begins, and so the one before has ended. */
    public void begin(long nowNs) {
        if (worked) {
            worked = false;
            long ns = nowNs - beganNs;
            if (turns == null) {
                turns = recorder.open(new SeriesKey(SeriesKind.TURN, null, null, thread));
            }
            turns.record(ns);
            if (ns >= STALL_NS) {
                recorder.stalled();
            }
        }
    }

    /** The wait for I/O of a turn has ended. */
    public void waited(long nowNs) {
        beganNs = nowNs;
    }

    /** So much was done in this turn. */
    public void end(int work) {
        worked = work > 0 && recorder.isOn();
    }
}
