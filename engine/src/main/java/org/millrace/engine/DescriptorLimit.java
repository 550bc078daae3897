package org.millrace.engine;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.millrace.conf.EngineConfig;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;

/**
 * Whether the system lets the process have as many descriptors as the configuration may need. The JVM has raised the
 * soft limit to the hard one before anything of ours runs.
 */
final class DescriptorLimit {
    /** Files of the JVM with its jars, standard streams, logs, stats port and its readers, for each process. */
    static final int PROCESS = 128;
    /** What a transport takes for itself. */
    static final int TRANSPORT = 8;
    /** With fewer clients than this a pool without a limit of its own is told of the system's. */
    static final int FEW_CLIENTS = 1000;

    private DescriptorLimit() {
    }

    /** What is not enough, at the limit that holds now; nothing where the system does not tell its limit. */
    static List<String> warnings(MillraceConfig config) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            ? warnings(config, system.getMaxFileDescriptorCount()) : List.of();
    }

    static List<String> warnings(MillraceConfig config, long limit) {
        long besides = besidesClients(config);
        long clients = config.pools().stream().mapToLong(PoolConfig::clientConnections).sum();
        long unlimited = config.pools().stream().filter(pool -> pool.clientConnections() == 0).count();
        long needed = besides + clients + unlimited * FEW_CLIENTS;
        if (limit >= needed) {
            return List.of();
        }
        String wish = unlimited == 0 ? clients + " clients (client_connections)"
            : clients + unlimited * FEW_CLIENTS + " clients (client_connections, and " + FEW_CLIENTS
                + " for each pool without)";
        return List.of("the system allows " + limit + " open files: that is room for " + Math.max(0, limit - besides)
            + " clients beside links (" + links(config) + "); for " + wish + " raise it to " + needed
            + " (ulimit -n, or LimitNOFILE= of the systemd unit)");
    }

    /** Descriptors that are not clients'. */
    static long besidesClients(MillraceConfig config) {
        EngineConfig engine = config.engine();
        int transports = LaneCount.of(engine) * (engine.stageThreads().equals("split") ? 2 : 1);
        return PROCESS + config.pools().size() + links(config) + (long) TRANSPORT * transports;
    }

    private static long links(MillraceConfig config) {
        int lanes = LaneCount.of(config.engine());
        return config.pools().stream().mapToLong(pool -> links(pool, lanes)).sum();
    }

    private static long links(PoolConfig pool, int lanes) {
        long most = (long) pool.serverConnections() * lanes;
        int total = pool.serverConnectionsTotal();
        return pool.servers().size() * (total == 0 ? most : Math.min(most, total));
    }
}
