package org.millrace.engine;

import java.io.IOException;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.control.ProcessState;
import org.millrace.engine.control.StatsPort;
import org.millrace.engine.control.dashboard.AdminPort;

/** The ports that serve those who look at the process: statistics, and the dashboard. Either may be missing. */
final class Ports implements AutoCloseable {
    private final StatsPort stats;
    private final AdminPort admin;

    private Ports(StatsPort stats, AdminPort admin) {
        this.stats = stats;
        this.admin = admin;
    }

    /**
     * Binds them.
     *
     * @param shared whether other processes may have the same addresses for a while
     * @throws IOException if one cannot be bound; none is then
     */
    static Ports open(MillraceConfig config, StartOptions options, Measurements measurements, ProcessState process,
        boolean shared) throws IOException {
        StatsPort stats = options.statsPort() == 0 ? null : new StatsPort(options.statsAddress(),
            Math.max(0, options.statsPort()), measurements.pages(), options.log(), shared);
        try {
            return new Ports(stats, config.engine().adminPort().admin() == null ? null
                : new AdminPort(config.engine().adminPort(), measurements.history(), process.admin(), options.log(),
                    shared));
        } catch (IOException | RuntimeException e) {
            if (stats != null) {
                stats.close();
            }
            throw e;
        }
    }

    /** Looks at the time; returns nanoseconds until the next look. Control thread. */
    long look(long nowNs) {
        return admin == null ? Long.MAX_VALUE : admin.look(nowNs);
    }

    /** Tells who can read them, and where. */
    void tell(EventLog log) {
        if (stats != null && stats.isOpenToAll()) {
            log.warn("everybody who reaches this machine can read the stats port " + stats.port()
                + "; -a 127.0.0.1 keeps it to itself, -s 0 closes it");
        }
        if (admin != null && admin.isOpenToOthers()) {
            log.warn("everybody who reaches this machine can look at the dashboard, and at keys, on " + admin.url()
                + "; millrace.admin_token asks for a password, a port alone keeps it to 127.0.0.1");
        }
        if (admin != null) {
            log.info("the dashboard is at " + admin.url());
        }
    }

    /** The stats port, 0 if there is none. */
    int statsPort() {
        return stats == null ? 0 : stats.port();
    }

    @Override
    public void close() throws IOException {
        if (stats != null) {
            stats.close();
        }
        if (admin != null) {
            admin.close();
        }
    }
}
