package org.millrace.engine.latency;

/** What the server half of a lane records of a server. Server half's thread. */
public final class ServerLatency implements Runs.Owner {
    private final Recorder recorder;
    private final String pool;
    private final String server;
    private Series linkWait;
    private Series atServer;
    private Series request;
    private Series depth;

    ServerLatency(Recorder recorder, String pool, String server) {
        this.recorder = recorder;
        this.pool = pool;
        this.server = server;
    }

    /** A request that its client still waits for has its reply. */
    public void replied(int receivedTicks, long sentNs, long nowNs) {
        recorder.runs().add(this, receivedTicks, sentNs, nowNs);
    }

    @Override
    public void record(long receivedTicks, long sentNs, long nowNs, long count) {
        if (request == null) {
            open();
        }
        linkWait.record(Ticks.between((int) receivedTicks, Ticks.of(sentNs)), count);
        request.record(Ticks.between((int) receivedTicks, Ticks.of(nowNs)), count);
        atServer.record(nowNs - sentNs, count);
    }

    /** The reply to a request that was answered with an error before, as its time was up. */
    public void repliedLate(long sentNs, long nowNs) {
        if (request == null) {
            open();
        }
        atServer.record(nowNs - sentNs);
    }

    private void open() {
        linkWait = recorder.open(new SeriesKey(SeriesKind.LINK_WAIT, pool, server, null));
        atServer = recorder.open(new SeriesKey(SeriesKind.SERVER, pool, server, null));
        request = recorder.open(new SeriesKey(SeriesKind.SERVER_REQUEST, pool, server, null));
    }

    /** So many requests are parked or in flight: once in a while, from when there were any for the first time. */
    public void depth(long requests) {
        if (depth == null) {
            if (requests == 0) {
                return;
            }
            depth = recorder.open(new SeriesKey(SeriesKind.QUEUE_DEPTH, pool, server, null));
        }
        depth.record(requests);
    }

    /** The links to this server are closed for good. */
    public void retire() {
        recorder.runs().pass();
        if (request != null) {
            linkWait.retire();
            atServer.retire();
            request.retire();
        }
        if (depth != null) {
            depth.retire();
        }
    }
}
