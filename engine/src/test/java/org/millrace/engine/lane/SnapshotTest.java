package org.millrace.engine.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.request;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.link.ServerLinks;
import org.millrace.io.CloseCause;

/** A lane takes over another snapshot of pools and servers: whoever stays notices nothing, whoever leaves drains. */
class SnapshotTest {
    private static final String REFUSED = "-ERR Connection refused\r\n";

    /** Servers as 'port name', in pools that begin with their name. */
    private static MillraceConfig config(String directives, String... servers) {
        StringBuilder yaml = new StringBuilder("millrace:\n  limits:\n    max_memory: 64mb\n");
        pool(yaml, "alpha", 22121, directives, servers);
        return ConfigReader.read("next.yml", yaml.toString());
    }

    private static void pool(StringBuilder yaml, String name, int port, String directives, String... servers) {
        yaml.append(name).append(":\n  listen: 127.0.0.1:").append(port).append("\n  redis: true\n").append(directives)
            .append("  servers:\n");
        for (String server : servers) {
            yaml.append("    - 127.0.0.1:").append(server).append('\n');
        }
    }

    private static MillraceConfig plain(String... servers) {
        return config("", servers);
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldKeepTheLinksOfServersThatStay(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("SET", lane.keyOn(0), "1"));
            lane.reply(0, "+OK\r\n");
            ServerLinks before = lane.lane().server().linkTable().links(0, 0);
            lane.take(plain("7002:1", "7000:3"));
            assertSame(before, lane.lane().server().linkTable().links(0, 0));
            assertTrue(lane.lane().hasTaken(lane.lane().snapshot()));
            lane.send(client, request("GET", lane.keyOn(0)));
            lane.reply(0, "+1\r\n");
            lane.send(client, request("GET", lane.keyOn(2)));
            lane.reply(2, "+2\r\n");
            assertEquals("+OK\r\n+1\r\n+2\r\n", client.take());
            assertEquals(1, lane.server(0).attempts());
            assertEquals(2, lane.count(0, ServerCounter.REQUESTS));
            assertEquals(1, lane.count(2, ServerCounter.REQUESTS));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldDrainTheLinksOfAServerThatLeaves(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("server_max_queue", 1).servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            FakeConnection other = lane.connect();
            String get = request("GET", lane.keyOn(1));
            lane.send(client, get);
            lane.send(other, get);
            lane.take(config("  server_max_queue: 1\n", "7000:1"));
            lane.after(5);
            assertEquals(1, lane.lane().server().linkTable().drainingCount());
            lane.send(client, get);
            lane.reply(0, "+moved\r\n");
            lane.reply(1, "+first\r\n");
            lane.reply(1, "+second\r\n");
            assertEquals("+first\r\n+moved\r\n", client.take());
            assertEquals("+second\r\n", other.take(), "what waited was still sent");
            lane.after(5);
            lane.after(5);
            assertEquals(CloseCause.LOCAL, lane.server(1).link().cause());
            assertEquals(0, lane.lane().server().linkTable().drainingCount());
            assertEquals(List.of(), lane.outside().events());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseTheIdleLinkOfAServerThatLeaves(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", lane.keyOn(1)));
            lane.reply(1, "+1\r\n");
            lane.take(plain("7000:1"));
            lane.after(2);
            lane.after(2);
            assertTrue(lane.server(1).link().isClosed());
            assertEquals(0, lane.lane().server().linkTable().drainingCount());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldGiveUpLinksThatDrainForLongerThanDrainMs(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().engine("drain_ms", 100).pool("server_max_queue", 1).servers(2)
            .start(mode)) {
            FakeConnection client = lane.connect();
            FakeConnection other = lane.connect();
            lane.send(client, request("GET", lane.keyOn(1)));
            lane.send(other, request("GET", lane.keyOn(1)));
            lane.take(config("  server_max_queue: 1\n", "7000:1"));
            lane.after(99);
            assertEquals("", client.take());
            for (int i = 0; i < 10; i++) {
                lane.after(2);
            }
            assertEquals("-ERR Connection timed out\r\n", client.take());
            assertEquals("-ERR Connection timed out\r\n", other.take());
            assertEquals(0, lane.lane().server().linkTable().drainingCount());
        }
    }

    @Test
    void shouldSendWhatWasRoutedBeforeToWhereItWasRouted() {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(LaneMode.SPLIT)) {
            FakeConnection client = lane.connect();
            String key = lane.keyOn(1);
            client.deliver(request("GET", key));
            lane.turnOf(0);
            lane.offer(plain("7000:1", "7002:1"));
            client.deliver(request("GET", key));
            lane.turnOf(0);
            lane.settle();
            assertEquals(List.of("GET " + key), lane.server(1).requests());
            lane.reply(1, "+old\r\n");
            lane.reply(lane.server(0).attempts() > 0 ? 0 : 2, "+new\r\n");
            assertEquals("+old\r\n+new\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeASnapshotWhenTheRingHasRoomForIt(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().engine("ring_slots", 8).servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            String key = lane.keyOn(1);
            client.deliver(request("GET", key).repeat(50));
            lane.offer(plain("7000:1"));
            lane.settle();
            assertTrue(lane.lane().hasTaken(lane.lane().snapshot()));
            for (int server = 0; server < 2; server++) {
                int requests = lane.server(server).requests().size();
                if (requests > 0) {
                    lane.reply(server, "+x\r\n".repeat(requests));
                }
            }
            assertEquals("+x\r\n".repeat(50), client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldFinishAtTheOldAddressBeforeItBeginsAtTheNewOne(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            lane.take(plain("7000:1 one"));
            lane.after(2);
            FakeConnection client = lane.connect();
            lane.send(client, request("SET", "k", "1"));
            lane.take(plain("7001:1 one"));
            lane.send(client, request("GET", "k"));
            lane.after(2);
            assertEquals(0, lane.server(1).attempts(), "the one before it is not answered");
            lane.reply(0, "+OK\r\n");
            lane.after(2);
            lane.after(2);
            lane.after(2);
            assertEquals(List.of("GET k"), lane.server(1).requests());
            lane.reply(1, "+1\r\n");
            assertEquals("+OK\r\n+1\r\n", client.take());
            assertTrue(lane.server(0).link().isClosed());
            int index = lane.topology().pool(0).serverNamed("one").index();
            assertEquals(2, lane.count(index, ServerCounter.REQUESTS), "the counters stay");
            assertEquals(1, lane.count(index, ServerCounter.SERVER_CONNECTIONS));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldWaitForAllLinksThatWereBefore(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("SET", "k", "1"));
            lane.take(config("  timeout: 5000\n", "7000:1"));
            lane.take(config("  timeout: 6000\n", "7000:1"));
            lane.send(client, request("GET", "k"));
            lane.take(config("  timeout: 7000\n", "7000:1"));
            lane.send(client, request("GET", "k"));
            for (int i = 0; i < 5; i++) {
                lane.after(2);
            }
            assertEquals(1, lane.server(0).attempts(), "the first is not answered");
            lane.reply(0, "+OK\r\n");
            for (int i = 0; i < 5; i++) {
                lane.after(2);
            }
            assertEquals(List.of("GET k"), lane.server(0).requests());
            lane.reply(0, "+1\r\n");
            for (int i = 0; i < 5; i++) {
                lane.after(2);
            }
            assertEquals(List.of("GET k"), lane.server(0).requests());
            lane.reply(0, "+2\r\n");
            assertEquals("+OK\r\n+1\r\n+2\r\n", client.take());
            assertEquals(3, lane.server(0).attempts());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldWaitForTheLinksOfAServerThatHasGoneAndComesBack(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            String key = lane.keyOn(1);
            lane.send(client, request("SET", key, "1"));
            lane.take(plain("7000:1"));
            lane.take(plain("7000:1", "7001:1"));
            lane.send(client, request("GET", key));
            lane.after(2);
            assertEquals(1, lane.server(1).attempts());
            lane.reply(1, "+OK\r\n");
            for (int i = 0; i < 3; i++) {
                lane.after(2);
            }
            lane.reply(1, "+1\r\n");
            assertEquals("+OK\r\n+1\r\n", client.take());
            assertEquals(2, lane.count(1, ServerCounter.REQUESTS));
        }
    }

    /** What did not fit into the reply ring goes on in the next turn, not in the next millisecond. */
    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldFailAllThatTimesOutOnLinksThatDrainThroughAShortRing(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().engine("ring_slots", 8).pool("timeout", 100).servers(2).start(mode)) {
            List<FakeConnection> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                clients.add(lane.connect());
                lane.send(clients.get(i), request("GET", lane.keyOn(1)));
            }
            lane.take(config("  timeout: 100\n", "7000:1"));
            lane.after(101);
            for (FakeConnection client : clients) {
                assertEquals("-ERR Connection timed out\r\n", client.take());
            }
            lane.reply(1, "+late\r\n".repeat(40));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldMoveTheKeysOfAnEjectedServerAndBack(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            String key = lane.keyOn(1);
            String stays = lane.keyOn(0);
            lane.eject(1);
            lane.send(client, request("GET", key) + request("GET", stays));
            assertEquals(List.of("GET " + key, "GET " + stays), lane.server(0).requests());
            lane.reply(0, "+0\r\n+0\r\n");
            lane.eject(0, 1);
            lane.send(client, request("GET", key) + request("MGET", key, stays) + request("PING"));
            lane.eject();
            lane.send(client, request("GET", key));
            lane.reply(1, "+1\r\n");
            assertEquals("+0\r\n+0\r\n" + REFUSED + REFUSED + "+PONG\r\n+1\r\n", client.take());
            assertEquals(2, lane.count(PoolCounter.FORWARD_ERROR));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldFailKeysOfAnEjectedServerFastWhereTheyStayWithIt(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("auto_eject_hosts", true).pool("eject", "fail_fast").servers(2)
            .start(mode)) {
            FakeConnection client = lane.connect();
            String key = lane.keyOn(1);
            String stays = lane.keyOn(0);
            lane.send(client, request("GET", key));
            lane.eject(1);
            lane.send(client, request("GET", key) + request("GET", stays) + request("MGET", key, stays));
            assertEquals(List.of("GET " + key), lane.server(1).requests(), "it is sent nothing more");
            lane.reply(0, "+0\r\n*1\r\n$-1\r\n");
            lane.reply(1, "+late\r\n");
            lane.eject();
            lane.send(client, request("GET", key));
            lane.reply(1, "+1\r\n");
            assertEquals("+late\r\n" + REFUSED + "+0\r\n" + REFUSED + "+1\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldFailWhatWaitsForAServerThatIsEjectedAndKeepsItsKeys(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("auto_eject_hosts", true).pool("eject", "fail_fast")
            .pool("server_max_queue", 1).start(mode)) {
            FakeConnection client = lane.connect();
            FakeConnection other = lane.connect();
            lane.send(client, request("GET", "a"));
            lane.send(other, request("GET", "b"));
            lane.eject(0);
            lane.after(2);
            assertEquals(REFUSED, other.take());
            lane.reply(0, "+a\r\n");
            assertEquals("+a\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotSendWhatWaitsForAServerThatIsEjectedAndKeepsItsKeys(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("auto_eject_hosts", true).pool("eject", "fail_fast")
            .pool("server_max_queue", 1).start(mode)) {
            FakeConnection client = lane.connect();
            FakeConnection other = lane.connect();
            lane.send(client, request("GET", "a"));
            lane.send(other, request("GET", "b"));
            lane.eject(0);
            lane.reply(0, "+a\r\n");
            assertEquals(List.of("GET a"), lane.server(0).requests(), "there is room on the link, and no time passed");
            assertEquals(REFUSED, other.take());
            assertEquals("+a\r\n", client.take());
        }
    }

    /** The links that drain have requests for that server, too. */
    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotSendWhatDrainsToAServerThatIsEjectedAndKeepsItsKeys(LaneMode mode) {
        String directives = "  auto_eject_hosts: true\n  eject: fail_fast\n  server_max_queue: 1\n";
        try (LaneHarness lane = LaneSpec.lane().pool("auto_eject_hosts", true).pool("eject", "fail_fast")
            .pool("server_max_queue", 1).start(mode)) {
            FakeConnection client = lane.connect();
            FakeConnection other = lane.connect();
            lane.send(client, request("GET", "a"));
            lane.send(other, request("GET", "b"));
            lane.take(config(directives + "  server_connections: 2\n", "7000:1"));
            assertEquals(1, lane.lane().server().linkTable().drainingCount());
            lane.eject(0);
            lane.reply(0, "+a\r\n");
            assertEquals(List.of("GET a"), lane.server(0).requests(), "there is room on the old link");
            assertEquals(REFUSED, other.take());
            assertEquals("+a\r\n", client.take());
        }
    }

    private static MillraceConfig twoPools(String first, String second) {
        StringBuilder yaml = new StringBuilder("millrace:\n  limits:\n    max_memory: 64mb\n");
        pool(yaml, first, 22121, "", "7000:1");
        pool(yaml, second, 22122, "  client_idle_timeout: 50\n", "7001:1");
        return ConfigReader.read("next.yml", yaml.toString());
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldServeAPoolThatComesAndEndOneThatGoes(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection first = lane.connect();
            FakeConnection idle = lane.connect();
            lane.take(twoPools("alpha", "beta"));
            FakeConnection second = lane.connect(1);
            lane.send(second, request("GET", "k"));
            lane.reply(1, "+beta\r\n");
            lane.send(first, request("GET", "k"));
            lane.take(twoPools("beta", "gamma"));
            assertTrue(idle.isOutputShut(), "it waits for nothing");
            assertFalse(first.isOutputShut());
            lane.send(first, request("GET", "more"));
            lane.reply(0, "+alpha\r\n");
            assertEquals("+alpha\r\n", first.take());
            assertTrue(first.isOutputShut());
            lane.after(1_001);
            assertTrue(first.isClosed() && idle.isClosed());
            assertEquals(0, lane.lane().client().state().life().clientsOf(0));
            assertEquals("+beta\r\n", second.take());
            FakeConnection third = lane.connect(2);
            lane.send(third, request("GET", "k"));
            lane.reply(1, "+gamma\r\n");
            assertEquals("+gamma\r\n", third.take());
            lane.after(60);
            assertTrue(third.isClosed(), "client_idle_timeout of a pool that came");
            assertEquals(0, lane.lane().client().state().poolCounters(2).get(PoolCounter.CLIENT_CONNECTIONS));
        }
    }

    @Test
    void shouldEndAClientThatComesTooLateForItsPool() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            lane.take(twoPools("beta", "gamma"));
            FakeConnection late = lane.connect(0);
            lane.settle();
            assertTrue(late.isOutputShut());
        }
    }
}
