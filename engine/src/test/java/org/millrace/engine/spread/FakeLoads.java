package org.millrace.engine.spread;

/** Loads as a test sets them. */
final class FakeLoads implements LaneLoads {
    final int[] busy;
    final int[] clients;
    final boolean[] stalled;
    int idle = 1000;

    FakeLoads(int lanes) {
        busy = new int[lanes];
        clients = new int[lanes];
        stalled = new boolean[lanes];
    }

    @Override
    public int count() {
        return busy.length;
    }

    @Override
    public int busy(int lane) {
        return busy[lane];
    }

    @Override
    public boolean isStalled(int lane) {
        return stalled[lane];
    }

    @Override
    public int clients(int lane) {
        return clients[lane];
    }

    @Override
    public int idleProcessors() {
        return idle;
    }
}
