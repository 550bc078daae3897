package org.millrace.engine.topology;

import java.util.List;
import org.millrace.io.Endpoint;
import org.millrace.routing.Topology;

/**
 * Pools and servers at one moment: who has which key, and where the servers are. Immutable; made by the control thread,
 * handed to every lane, which takes it over at the beginning of a turn.
 *
 * @param topology  who has which key
 * @param endpoints by the indexes of pools and servers; null, or not there, while a name does not resolve
 */
public record Snapshot(Topology topology, List<List<Endpoint>> endpoints) {
    /** Where a server is; null while its name does not resolve. */
    public Endpoint endpoint(int pool, int server) {
        List<Endpoint> servers = pool < endpoints.size() ? endpoints.get(pool) : null;
        return servers != null && server < servers.size() ? servers.get(server) : null;
    }
}
