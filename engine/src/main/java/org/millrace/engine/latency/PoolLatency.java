package org.millrace.engine.latency;

/** What the client half of a lane records of a pool. Client half's thread. */
public final class PoolLatency implements Runs.Owner {
    private final Recorder recorder;
    private final String pool;
    private final CommandFamilies families;
    private final Series[] requests;
    private Series orderWait;
    private Series clientWrite;

    PoolLatency(Recorder recorder, String pool, CommandFamilies families) {
        this.recorder = recorder;
        this.pool = pool;
        this.families = families;
        requests = new Series[families.count()];
    }

    /** The pool's name. */
    public String pool() {
        return pool;
    }

    /** The commands of its protocol. */
    public CommandFamilies families() {
        return families;
    }

    /**
     * A request is answered.
     *
     * @param wholeNs how long that took
     * @param orderNs how long its reply had waited for earlier ones
     */
    public void answered(int family, long wholeNs, long orderNs) {
        recorder.runs().add(this, family, wholeNs, orderNs);
    }

    @Override
    public void record(long familyNumber, long wholeNs, long orderNs, long count) {
        int family = (int) familyNumber;
        Series series = requests[family];
        if (series == null) {
            series = open(SeriesKind.REQUEST, families.name(family));
            requests[family] = series;
            if (orderWait == null) {
                orderWait = open(SeriesKind.ORDER_WAIT, null);
            }
        }
        series.record(wholeNs, count);
        orderWait.record(orderNs, count);
    }

    /** A client has taken what it was sent. */
    public void taken(long ns) {
        if (clientWrite == null) {
            clientWrite = open(SeriesKind.CLIENT_WRITE, null);
        }
        clientWrite.record(ns);
    }

    private Series open(SeriesKind kind, String detail) {
        return recorder.open(new SeriesKey(kind, pool, null, detail));
    }

    /** The pool is gone. */
    public void retire() {
        recorder.runs().pass();
        for (Series each : requests) {
            retire(each);
        }
        retire(orderWait);
        retire(clientWrite);
    }

    private static void retire(Series series) {
        if (series != null) {
            series.retire();
        }
    }
}
