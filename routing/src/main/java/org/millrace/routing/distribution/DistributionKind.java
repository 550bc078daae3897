package org.millrace.routing.distribution;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The table of distributions: the name used in the configuration, and how to build one. */
public enum DistributionKind {
    /** Consistent hashing on a ring of points. */
    KETAMA("ketama", KetamaDistribution::new),
    /** Hash modulo the sum of weights. */
    MODULA("modula", ModulaDistribution::new),
    /** Any server, anew for each key. */
    RANDOM("random", RandomDistribution::new);

    private final String configName;
    private final Function<List<ServerNode>, Distribution> factory;

    DistributionKind(String configName, Function<List<ServerNode>, Distribution> factory) {
        this.configName = configName;
        this.factory = factory;
    }

    /** The name in a configuration file. */
    public String configName() {
        return configName;
    }

    /**
     * Builds the distribution over some servers of a pool. Servers that are left out (ejected ones) keep their index.
     *
     * @param nodes the servers that take keys, at least one, in any order
     * @throws IllegalArgumentException if there is no server or their weights are out of range
     */
    public Distribution over(List<ServerNode> nodes) {
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("a distribution needs at least one server");
        }
        List<ServerNode> ordered = new ArrayList<>(nodes);
        ordered.sort(ServerNode.RING_ORDER);
        return factory.apply(List.copyOf(ordered));
    }

    /**
     * Finds a kind by its name in a configuration file.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static DistributionKind byName(String configName) {
        for (DistributionKind kind : values()) {
            if (kind.configName.equals(configName)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no distribution is named \"" + configName + '"');
    }
}
