package org.millrace.perf.pressure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.millrace.perf.client.SocketLoop;
import org.millrace.perf.report.JsonObject;
import org.millrace.perf.server.LocalServer;

/** One pool under chaos: its servers and what happens to them, its clients and what became of their requests. */
final class ChaosPool implements AutoCloseable {
    private static final int KEYS_EACH = 12;
    private static final int SEED_STEP = 31;

    private final ChaosProtocol protocol;
    private final ChaosOptions options;
    private final long seed;
    private final ServerFaults servers;
    private final ChaosStats stats = new ChaosStats();

    /** Starts the servers. */
    ChaosPool(ChaosProtocol protocol, ChaosOptions options) throws IOException {
        this.protocol = protocol;
        this.options = options;
        // pools of one run must not suffer the same at the same time
        seed = options.seed() + protocol.ordinal();
        servers = new ServerFaults(options.servers(), seed, protocol.starter());
    }

    ChaosProtocol protocol() {
        return protocol;
    }

    List<Integer> ports() {
        return servers.servers().stream().map(LocalServer::port).toList();
    }

    ServerFaults servers() {
        return servers;
    }

    ChaosStats stats() {
        return stats;
    }

    /** Clients that share out some keys; none is connected yet. */
    List<ChaosClient> clients(InetSocketAddress proxy, SocketLoop loop) throws IOException {
        List<List<ChaosKey>> keys = new ArrayList<>();
        for (int i = 0; i < options.clients(); i++) {
            keys.add(new ArrayList<>());
        }
        List<List<String>> places = protocol.places(proxy, servers.servers(), options.clients() * KEYS_EACH);
        for (int i = 0; i < places.size(); i++) {
            int server = i;
            for (String name : places.get(server)) {
                int number = Integer.parseInt(name.substring(protocol.prefix().length()));
                keys.get(number % options.clients()).add(new ChaosKey(name, () -> servers.deaths(server)));
            }
        }
        List<ChaosClient> clients = new ArrayList<>();
        for (int i = 0; i < options.clients(); i++) {
            clients.add(new ChaosClient(proxy, protocol.talk(), stats, keys.get(i), options, seed * SEED_STEP + i,
                loop));
        }
        return clients;
    }

    /** One line while it runs. */
    String progress() {
        return String.format(Locale.ROOT, "%s: %s; %,d answers, %,d errors, %d wrong, %d late", protocol.word(),
            servers.counts(), stats.answered(), stats.errorCount(), stats.wrong(), stats.late());
    }

    /** What happened. */
    String report() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%s: %d servers, %s%n", protocol.word(), options.servers(),
            servers.counts()));
        text.append(String.format(Locale.ROOT, "  %,d answers to %,d connections, of them %,d errors: %s%n",
            stats.answered(), stats.lives(), stats.errorCount(), stats.errors()));
        text.append(String.format(Locale.ROOT, "  wrong replies: %d; not answered: %d; later than %d ms (timeout) and"
            + " %d ms: %d; longest: %d ms%n", stats.wrong(), stats.unanswered(), options.timeoutMs(),
            options.slackMs(), stats.late(), stats.longestMs()));
        stats.texts().forEach(each -> text.append("    ").append(each).append('\n'));
        return text.toString();
    }

    /** The same, for programs. */
    JsonObject json() {
        return new JsonObject().put("faults", servers.counts()).put("answers", stats.answered())
            .put("errors", stats.errorCount()).put("wrong", stats.wrong()).put("unanswered", stats.unanswered())
            .put("late", stats.late()).put("longest_ms", stats.longestMs());
    }

    @Override
    public void close() {
        servers.close();
    }
}
