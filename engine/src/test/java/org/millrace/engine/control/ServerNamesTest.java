package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.millrace.conf.AddressConfig;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.io.Endpoint;
import org.millrace.routing.Topology;

/** Names of servers are resolved again when they did not resolve, and when their server is down. */
@Tag("faults")
class ServerNamesTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final MillraceConfig CONFIG = ConfigReader.read("names.yml", """
        alpha:
          listen: 127.0.0.1:22121
          redis: true
          servers:
            - one.test:7000:1
            - two.test:7001:1
            - 127.0.0.1:7002:1
            - /run/redis.sock:1
        """);

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final EventLog log = new EventLog(new PrintStream(text, true, StandardCharsets.UTF_8));
    private final Map<String, String> hosts = new HashMap<>(Map.of("127.0.0.1", "127.0.0.1"));
    private final List<String> lookups = Collections.synchronizedList(new ArrayList<>());

    @Test
    void shouldResolveAgainWhatDidNotResolveAndWhatIsDown() {
        hosts.put("two.test", "127.0.0.2");
        ServerNames names = new ServerNames(Topology.of(CONFIG, 1), this::lookup, log, 0);
        assertNull(names.endpoints().getFirst().getFirst());
        assertEquals(Endpoint.tcp("127.0.0.2", 7001), names.endpoints().getFirst().get(1));
        assertTrue(log().contains("server one.test:7000: the name 'one.test' does not resolve"), log());
        lookups.clear();
        int[] told = new int[1];
        names.watch(() -> told[0]++, 0);
        assertEquals(SECOND_NS, names.round(4 * SECOND_NS));
        assertEquals(List.of(), lookups, "not yet");
        names.round(5 * SECOND_NS);
        assertEquals(List.of("one.test"), lookups);
        hosts.put("one.test", "127.0.0.3");
        names.round(10 * SECOND_NS);
        assertEquals(Endpoint.tcp("127.0.0.3", 7000), endpoint(names, 0));
        assertTrue(log().contains("the name 'one.test' now resolves to /127.0.0.3:7000"), log());
        lookups.clear();
        names.round(60 * SECOND_NS);
        assertEquals(List.of(), lookups, "all is well");

        hosts.put("two.test", "127.0.0.4");
        names.onServerDown(0, 1);
        names.onServerDown(0, 2);
        names.onServerDown(0, 3);
        names.round(60 * SECOND_NS);
        assertEquals(Endpoint.tcp("127.0.0.4", 7001), endpoint(names, 1));
        assertEquals(List.of("two.test"), lookups, "literals and paths have no name");
        names.onServerDown(0, 1);
        assertEquals(SECOND_NS, names.round(60 * SECOND_NS), "a server that fails again and again");
        names.round(61 * SECOND_NS);
        names.round(62 * SECOND_NS);
        assertEquals(2, lookups.size());
        hosts.remove("two.test");
        names.round(66 * SECOND_NS);
        assertEquals(3, lookups.size(), "it is still down");
        assertEquals(Endpoint.tcp("127.0.0.4", 7001), endpoint(names, 1), "the last address known stays");
        names.onServerUp(0, 1);
        names.round(99 * SECOND_NS);
        assertEquals(3, lookups.size());
        assertEquals(2, told[0]);
        assertEquals(2, names.changes());
    }

    private Endpoint lookup(AddressConfig address) throws UnknownHostException {
        if (address.isUnix()) {
            return Endpoint.unix(address.path());
        }
        lookups.add(address.host());
        String found = hosts.get(address.host());
        if (found == null) {
            throw new UnknownHostException(address.host());
        }
        return Endpoint.tcp(found, address.port());
    }

    private static Endpoint endpoint(ServerNames names, int server) {
        return names.endpoints().getFirst().get(server);
    }

    private String log() {
        return text.toString(StandardCharsets.UTF_8);
    }
}
