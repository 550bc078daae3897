package org.millrace.perf.demo;

import java.io.IOException;
import java.util.List;
import org.millrace.conf.ConfigReader;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.perf.server.LocalRedis;

/** Millrace in this JVM in front of local servers; the one class of the demo that knows the engine. */
final class DemoProxy implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";

    private final Millrace millrace;

    private DemoProxy(Millrace millrace) {
        this.millrace = millrace;
    }

    static DemoProxy start(DemoOptions options, List<LocalRedis> servers) throws IOException {
        String yaml = yaml(options, servers);
        return new DemoProxy(Millrace.start(ConfigReader.read("demo.yml", yaml),
            new StartOptions(LOOPBACK, options.statsPort())));
    }

    /** The configuration that a user would write for the same set-up. */
    static String yaml(DemoOptions options, List<LocalRedis> servers) {
        StringBuilder yaml = new StringBuilder();
        yaml.append("demo:\n  listen: ").append(LOOPBACK).append(':').append(options.port())
            .append("\n  redis: true\n  hash: fnv1a_64\n  distribution: ketama\n  preconnect: true\n  timeout: 5000\n"
                + "  servers:\n");
        for (int i = 0; i < servers.size(); i++) {
            yaml.append("    - ").append(LOOPBACK).append(':').append(servers.get(i).port()).append(":1 redis")
                .append(i + 1).append('\n');
        }
        if (options.lanes() > 0 || options.adminPort() > 0) {
            yaml.append("millrace:\n");
        }
        if (options.lanes() > 0) {
            yaml.append("  lanes: ").append(options.lanes()).append('\n');
        }
        if (options.adminPort() > 0) {
            yaml.append("  admin: ").append(options.adminPort()).append('\n');
        }
        return yaml.toString();
    }

    /** Drains and stops. */
    @Override
    public void close() {
        millrace.close();
    }
}
