package org.millrace.perf.load;

/** How far a run has come: by time or by requests, whichever ends it sooner. Used by one thread. */
final class Progress {
    private final double durationS;
    private final double unmeasuredS;
    private final long requests;
    private long done;

    Progress(LoadConfig config) {
        durationS = config.durationNs() / 1e9;
        unmeasuredS = (config.rampNs() + config.warmupNs()) / 1e9;
        requests = config.requests();
    }

    /** From 0 to 1, when so many seconds have passed since the start and so many more requests were measured. */
    double after(long second, long moreRequests) {
        done += moreRequests;
        double byTime = durationS == 0 ? 0 : (second - unmeasuredS) / durationS;
        double byRequests = requests == 0 ? 0 : (double) done / requests;
        return Math.clamp(Math.max(byTime, byRequests), 0, 1);
    }
}
