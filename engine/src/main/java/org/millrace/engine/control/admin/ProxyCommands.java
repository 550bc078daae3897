package org.millrace.engine.control.admin;

import java.util.List;
import java.util.Locale;
import org.millrace.engine.control.Totals;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.resp.ReplyText;
import org.millrace.io.Endpoint;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.distribution.ServerNode;

/** PROXY STATS, SERVERS and WHERE: what there is to know of the pool of who asks. Names and values by turns. */
public final class ProxyCommands {
    private final Totals totals;

    public ProxyCommands(Totals totals) {
        this.totals = totals;
    }

    /** Has them answered. */
    public void register(AdminCommands commands) {
        commands.put("proxy|stats", PoolCommand.of(totals, this::stats));
        commands.put("proxy|servers", PoolCommand.of(totals, this::servers));
        commands.put("proxy|where", PoolCommand.of(totals, this::where));
    }

    private void stats(AdminCall call, PoolTopology pool) {
        PoolCounter[] ofPool = PoolCounter.values();
        List<ServerCounter> ofServers = List.of(ServerCounter.REQUESTS, ServerCounter.REQUEST_BYTES,
            ServerCounter.RESPONSES, ServerCounter.RESPONSE_BYTES, ServerCounter.SERVER_CONNECTIONS,
            ServerCounter.IN_QUEUE, ServerCounter.OUT_QUEUE);
        ReplyText text = new ReplyText().array(2 * (4 + ofPool.length + ofServers.size()));
        text.bulk("pool").bulk(pool.name());
        text.bulk("servers").integer(pool.serverCount());
        text.bulk("servers_ejected").integer(pool.ejected().size());
        text.bulk("client_bytes").integer(totals.clientBytes(pool.index()));
        for (PoolCounter counter : ofPool) {
            text.bulk(name(counter)).integer(totals.pool(pool.index(), counter));
        }
        for (ServerCounter counter : ofServers) {
            text.bulk(name(counter)).integer(pool.servers().stream()
                .mapToLong(server -> totals.server(pool.index(), server.index(), counter)).sum());
        }
        call.reply(text);
    }

    private void servers(AdminCall call, PoolTopology pool) {
        ReplyText text = new ReplyText().array(pool.serverCount());
        for (ServerNode server : pool.servers()) {
            ServerCounter[] counters = ServerCounter.values();
            text.array(2 * (4 + counters.length));
            place(text, pool, server);
            text.bulk("weight").integer(server.config().weight());
            for (ServerCounter counter : counters) {
                text.bulk(name(counter)).integer(totals.server(pool.index(), server.index(), counter));
            }
        }
        call.reply(text);
    }

    /** The server that a request for the key would go to now; the hash tag counts as it does there. */
    private void where(AdminCall call, PoolTopology pool) {
        ServerNode server = pool.serverOf(call.bytes(0));
        if (server == null) {
            call.error("ERR all servers of the pool are ejected: the key is nowhere");
        } else {
            ReplyText text = new ReplyText().array(2 * 4).bulk("pool").bulk(pool.name());
            place(text, pool, server);
            call.reply(text);
        }
    }

    private void place(ReplyText text, PoolTopology pool, ServerNode server) {
        Endpoint endpoint = totals.snapshot().endpoint(pool.index(), server.index());
        text.bulk("server").bulk(server.ringName());
        text.bulk("address").bulk(endpoint == null ? "unresolved" : endpoint.toString());
        text.bulk("state").bulk(pool.isEjected(server.index()) ? "ejected" : "live");
    }

    private static String name(Enum<?> counter) {
        return counter.name().toLowerCase(Locale.ROOT);
    }
}
