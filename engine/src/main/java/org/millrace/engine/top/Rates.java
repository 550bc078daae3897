package org.millrace.engine.top;

import java.util.Map;

/** What has changed between two samples, for each second between them. A process that began anew counts from 0. */
final class Rates {
    private final Sample before;
    private final Sample now;
    private final double seconds;

    Rates(Sample before, Sample now) {
        boolean isAnother = now.number("uptime") < before.number("uptime");
        this.before = isAnother ? null : before;
        this.now = now;
        seconds = Math.max(1e-3, (now.takenNs() - before.takenNs()) / 1e9);
    }

    Sample now() {
        return now;
    }

    /** Of a pool's counter. */
    double ofPool(String pool, String counter) {
        return perSecond(before == null ? Map.of() : before.pool(pool), now.pool(pool), counter);
    }

    /** Of the counter of a server. */
    double ofServer(String pool, String server, String counter) {
        Map<?, ?> then = before == null ? Map.of() : Sample.object(before.pool(pool), server);
        return perSecond(then, Sample.object(now.pool(pool), server), counter);
    }

    /** The same, summed over all servers of a pool. */
    double ofServers(String pool, String counter) {
        double sum = 0;
        for (String server : Sample.objects(now.pool(pool)).keySet()) {
            sum += ofServer(pool, server, counter);
        }
        return sum;
    }

    private double perSecond(Map<?, ?> then, Map<?, ?> present, String counter) {
        return Math.max(0, Sample.number(present, counter) - Sample.number(then, counter)) / seconds;
    }
}
