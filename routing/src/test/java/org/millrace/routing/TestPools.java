package org.millrace.routing;

import java.util.ArrayList;
import java.util.List;
import org.millrace.conf.AddressConfig;
import org.millrace.conf.EngineConfig;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.conf.ServerConfig;

/** Configurations for tests, made without a file: the one place that knows the records' constructors. */
public final class TestPools {
    private TestPools() {
    }

    /** A pool of the given servers. */
    public static PoolConfig pool(String hash, String distribution, String hashTag, List<ServerConfig> servers) {
        return pool("alpha", hash, distribution, hashTag, servers);
    }

    /** A named pool of the given servers. */
    public static PoolConfig pool(
        String name, String hash, String distribution, String hashTag, List<ServerConfig> servers) {
        return new PoolConfig(name, AddressConfig.tcp("127.0.0.1", 22121), hash, hashTag, distribution, 0, 512, 0, true,
            false, false, null, 0, false, false, 1, 30_000, 2, servers);
    }

    /** A whole configuration. */
    public static MillraceConfig config(PoolConfig... pools) {
        return new MillraceConfig("test.yml", EngineConfig.defaults(), List.of(pools));
    }

    /** A server that is called by its name. */
    public static ServerConfig server(String ringName, int weight) {
        return new ServerConfig(AddressConfig.tcp("127.0.0.1", 6379), weight, ringName, ringName);
    }

    /** Servers of weight 1, called 127.0.0.1:7000 and upwards. */
    public static List<ServerConfig> equalServers(int count) {
        List<ServerConfig> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(server("127.0.0.1:" + (7000 + i), 1));
        }
        return servers;
    }
}
