package org.millrace.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.millrace.conf.AddressConfig;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.conf.ServerConfig;
import org.millrace.engine.control.EventLog;
import org.millrace.io.Endpoint;

/** Resolves the names of servers, off the data path. */
final class Resolver {
    private Resolver() {
    }

    /** The endpoints of all servers, by pool and server; null for a name that does not resolve, which is told. */
    static List<List<Endpoint>> resolve(MillraceConfig config, EventLog log) {
        List<List<Endpoint>> pools = new ArrayList<>();
        for (PoolConfig pool : config.pools()) {
            List<Endpoint> servers = new ArrayList<>();
            for (ServerConfig server : pool.servers()) {
                try {
                    servers.add(resolve(server.address()));
                } catch (UnknownHostException e) {
                    log.warn("pool " + pool.name() + ", server " + server.ringName() + ": the name '"
                        + server.address().host() + "' does not resolve; its requests get an error");
                    servers.add(null);
                }
            }
            pools.add(servers);
        }
        return pools;
    }

    /** An address with its name resolved. */
    static Endpoint resolve(AddressConfig address) throws UnknownHostException {
        return address.isUnix() ? Endpoint.unix(address.path())
            : new Endpoint(new InetSocketAddress(InetAddress.getByName(address.host()), address.port()));
    }
}
