package org.millrace.engine.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.control.Snapshots;
import org.millrace.engine.topology.Snapshot;
import org.millrace.io.Endpoint;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.Topology;
import org.millrace.routing.distribution.ServerNode;

/** Hands the lane other snapshots while it works: keys stay where they are, links and pools do not. */
final class SimSnapshots {
    private final Consumer<Snapshot> lanes;
    private final double probability;
    private final Random random;
    private final List<MillraceConfig> configs = new ArrayList<>();
    /** Who else changes snapshots; null if nobody. */
    private final Snapshots shared;
    private Topology topology;

    SimSnapshots(Scenario scenario, Consumer<Snapshot> lanes, Topology topology, Snapshots shared) {
        this.lanes = lanes;
        this.topology = topology;
        this.shared = shared;
        probability = scenario.snapshots;
        random = new Random(scenario.seed);
        if (probability > 0) {
            for (int connections = 1; connections <= 3; connections++) {
                configs.add(ConfigReader.read("snapshot.yml", scenario.yaml(connections, connections == 2)));
            }
        }
    }

    /** Perhaps another one, before a turn. */
    void step() {
        if (probability > 0 && random.nextDouble() < probability) {
            MillraceConfig config = configs.get(random.nextInt(configs.size()));
            if (shared != null) {
                shared.change(shared.next(config));
                return;
            }
            topology = topology.with(config, Set.of());
            lanes.accept(new Snapshot(topology, endpoints(topology)));
        }
    }

    /** Where the servers of all pools are. */
    static List<List<Endpoint>> endpoints(Topology topology) {
        List<List<Endpoint>> pools = new ArrayList<>();
        for (int pool = 0; pool < topology.poolIndexes(); pool++) {
            PoolTopology found = topology.pool(pool);
            pools.add(found == null ? List.of() : found.servers().stream().map(ServerNode::config)
                .map(server -> Endpoint.tcp(server.address().host(), server.address().port())).toList());
        }
        return pools;
    }
}
