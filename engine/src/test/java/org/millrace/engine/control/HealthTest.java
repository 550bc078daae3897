package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.io.CloseCause;
import org.millrace.io.Endpoint;
import org.millrace.routing.Topology;

/** Who is ejected, when, and how it comes back; stepped by hand. */
@Tag("faults")
class HealthTest {
    private static final long MS = 1_000_000;
    private static final long EPOCH_MICROS = 1_700_000_000_000_000L;

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final EventLog log = new EventLog(new PrintStream(text, true, StandardCharsets.UTF_8), EventLog.MAX_LEVEL);
    private final List<String> asked = new ArrayList<>();
    private Prober.Answer answer;
    private long good;
    private long micros = EPOCH_MICROS;
    private Snapshots snapshots;

    private Health health(String directives, String... servers) {
        Topology topology = Topology.of(config(directives, servers), 1);
        snapshots = new Snapshots(topology, new ServerNames(topology,
            address -> Endpoint.tcp("127.0.0.1", address.port()), log, 0));
        Health health = new Health(snapshots, (endpoint, pool, server, taker) -> {
            asked.add(server.ringName());
            answer = taker;
        }, log, () -> micros++);
        health.start((pool, server) -> good);
        return health;
    }

    private static MillraceConfig config(String directives, String... servers) {
        StringBuilder yaml = new StringBuilder("alpha:\n  listen: 127.0.0.1:22121\n  redis: true\n  timeout: 400\n"
            + directives + "  servers:\n");
        for (String server : servers) {
            yaml.append("    - ").append(server).append('\n');
        }
        return ConfigReader.read("health.yml", yaml.toString());
    }

    private Health ejecting() {
        return health("  auto_eject_hosts: true\n  server_retry_timeout: 2000\n  server_failure_limit: 3\n",
            "127.0.0.1:7000:1 a", "127.0.0.1:7001:1 b");
    }

    private Set<Integer> ejected() {
        return snapshots.topology().pool(0).ejected();
    }

    @Test
    void shouldEjectAfterSoManyFailuresInARow() {
        Health health = ejecting();
        health.onFailure(0, 1, CloseCause.RESET, 0);
        health.onFailure(0, 1, CloseCause.REFUSED, 100 * MS);
        assertEquals(Set.of(), ejected());
        health.onFailure(0, 1, CloseCause.REFUSED, 200 * MS);
        assertEquals(Set.of(1), ejected());
        assertEquals(1, health.ejections("alpha"));
        ServerHealth known = health.of("alpha", "b");
        assertEquals(EPOCH_MICROS, known.ejectedAtMicros);
        assertEquals("Connection refused", known.why);
        assertTrue(log().contains("pool alpha, server b is ejected: Connection refused, 3 failures in a row; its keys "
            + "go to the others, and it is asked again in 2000 ms"), log());
        health.onFailure(0, 1, CloseCause.REFUSED, 900 * MS);
        assertEquals(0, known.failures, "it is out already");
    }

    @Test
    void shouldCountTheFailuresOfAllLanesAndLinksInOneIncidentOnce() {
        Health health = ejecting();
        for (int link = 0; link < 50; link++) {
            health.onFailure(0, 1, CloseCause.RESET, link * MS);
        }
        assertEquals(1, health.of("alpha", "b").failures);
        assertEquals(Set.of(), ejected());
    }

    @Test
    void shouldBeginAnewAfterAGoodReply() {
        Health health = ejecting();
        for (int i = 0; i < 50; i++) {
            health.onFailure(0, 1, CloseCause.RESET, i * 100 * MS);
            health.onFailure(0, 1, CloseCause.RESET, (i * 100 + 100) * MS);
            good++;
        }
        assertEquals(Set.of(), ejected());
    }

    @Test
    void shouldNotEjectWhereItIsNotAskedFor() {
        Health health = health("  server_failure_limit: 1\n", "127.0.0.1:7000:1 a");
        health.onFailure(0, 0, CloseCause.REFUSED, 0);
        health.onFailure(7, 0, CloseCause.REFUSED, 0);
        health.onFailure(0, 7, CloseCause.REFUSED, 0);
        assertEquals(Set.of(), ejected());
        assertNull(health.of("alpha", "a"));
    }

    @Test
    void shouldBringAServerBackOnlyWhenItAnswersAndNotBeforeItsTime() {
        Health health = ejecting();
        eject(health, 0);
        health.look(200 * MS);
        health.look(2_199 * MS);
        assertEquals(List.of(), asked);
        health.look(2_200 * MS);
        health.look(2_201 * MS);
        assertEquals(List.of("a"), asked, "once at a time");
        answer.is("LOADING Redis is loading the dataset in memory", 2_300 * MS);
        assertEquals(Set.of(0), ejected());
        assertTrue(log().contains("server a stays ejected: LOADING"), log());
        health.look(2_799 * MS);
        assertEquals(1, asked.size(), "at least half a second");
        health.look(3_300 * MS);
        assertEquals(2, asked.size(), "at most one");
        answer.is(null, 3_301 * MS);
        assertEquals(Set.of(), ejected());
        assertTrue(log().contains("server a answers, and is ejected no longer"), log());
        assertEquals(1, health.ejections("alpha"));
        assertTrue(health.of("alpha", "a").ejectedAtMicros > 0, "it stays known");
        answer.is("late", 3_302 * MS);
        assertEquals(Set.of(), ejected());
    }

    @Test
    void shouldAskAgainWhenNobodySaysWhatTheAnswerWas() {
        Health health = ejecting();
        eject(health, 0);
        health.look(2_200 * MS);
        health.look(2_200 * MS + Health.ANSWER_NS);
        assertEquals(Set.of(0), ejected());
        health.look(2_200 * MS + Health.ANSWER_NS + Health.PAUSE_NS);
        assertEquals(2, asked.size());
    }

    @Test
    void shouldNotTakeTheAnswerToAnEarlierQuestion() {
        Health health = ejecting();
        eject(health, 0);
        health.look(2_200 * MS);
        Prober.Answer first = answer;
        first.is(null, 2_201 * MS);
        eject(health, 5_000);
        health.look(7_200 * MS);
        first.is(null, 7_201 * MS);
        assertEquals(Set.of(0), ejected());
    }

    @Test
    void shouldEjectTheOnlyServerToo() {
        Health health = health("  auto_eject_hosts: true\n  server_failure_limit: 1\n  server_retry_timeout: 0\n",
            "127.0.0.1:7000:1");
        health.onFailure(0, 0, CloseCause.REFUSED, 0);
        assertTrue(snapshots.topology().pool(0).newRouter().isEmpty());
        health.look(0);
        answer.is(null, 1);
        assertEquals(Set.of(), ejected());
    }

    @Test
    void shouldSayThatAServerWithoutAnAddressIsDown() {
        Topology topology = Topology.of(config("  auto_eject_hosts: true\n  server_failure_limit: 1\n",
            "nowhere.test:7000:1 a", "127.0.0.1:7001:1 b"), 1);
        snapshots = new Snapshots(topology, new ServerNames(topology, address -> {
            throw new java.net.UnknownHostException(address.host());
        }, log, 0));
        Health health = new Health(snapshots, (endpoint, pool, server, taker) -> asked.add(server.ringName()), log,
            () -> micros);
        health.onFailure(0, 0, CloseCause.HOST_DOWN, 0);
        health.look(30_000 * MS);
        assertEquals(List.of(), asked);
        assertEquals("Host is down", health.of("alpha", "a").why);
        assertEquals(Set.of(0), ejected());
    }

    @Test
    void shouldForgetWhoHasLeftAndWhoHasMoved() {
        Health health = ejecting();
        eject(health, 0);
        snapshots.change(snapshots.next(config("  auto_eject_hosts: true\n", "127.0.0.1:7009:1 a",
            "127.0.0.1:7001:1 b")));
        assertEquals(Set.of(), ejected());
        health.look(10_000 * MS);
        assertEquals(List.of(), asked, "at another address it is another server");
        snapshots.change(snapshots.next(config("  auto_eject_hosts: true\n", "127.0.0.1:7001:1 b")));
        health.look(10_001 * MS);
        assertNull(health.of("alpha", "a"));
    }

    private void eject(Health health, long fromMs) {
        for (int i = 0; i < 3; i++) {
            health.onFailure(0, 0, CloseCause.REFUSED, (fromMs + i * 100L) * MS);
        }
        assertEquals(Set.of(0), ejected());
    }

    private String log() {
        return text.toString(StandardCharsets.UTF_8);
    }
}
