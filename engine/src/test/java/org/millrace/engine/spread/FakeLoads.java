package org.millrace.engine.spread;

/** Loads as a test sets them. */
final class FakeLoads implements LaneLoads {
    final int[] busy;
    final int[] clients;
    int idle = 1000;

    FakeLoads(int lanes) {
        busy = new int[lanes];
        clients = new int[lanes];
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
    public int clients(int lane) {
        return clients[lane];
    }

    @Override
    public int idleProcessors() {
        return idle;
    }
}
