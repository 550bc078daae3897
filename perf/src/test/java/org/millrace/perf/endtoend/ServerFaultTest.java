package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** A real server is killed and started again, or stopped and continued, under a steady load on it and on others. */
@Timeout(120)
@Tag("faults")
class ServerFaultTest {
    private static final String UNKNOWN = "-ERR unknown";
    private static final String RESET = "-ERR Connection reset by peer";
    private static final String BROKEN_PIPE = "-ERR Broken pipe";
    private static final String REFUSED = "-ERR Connection refused";
    private static final String TIMED_OUT = "-ERR Connection timed out";
    private static final int LONG_SILENCE_MS = 30_000;
    private static final int SHORT_SILENCE_MS = 2_000;
    private static final int BESIDES = 300;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static LocalRedis second;
    private static LocalRedis third;

    @BeforeAll
    static void startServers() throws IOException {
        second = LocalRedis.start();
        third = LocalRedis.start();
    }

    @AfterAll
    static void stopServers() {
        second.close();
        third.close();
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldOutliveAServerThatIsKilledAndComesBack(LaneKind kind) throws Exception {
        LocalRedis victim = LocalRedis.startOn(FreePort.find());
        try (FaultKit kit = new FaultKit(kind, victim.port(), second, third, true, LONG_SILENCE_MS)) {
            victim.kill();
            kit.load().awaitError();
            Await.until(() -> "refusals; " + kit.load().state(), LIMIT,
                () -> kit.load().counts().errors().containsKey(REFUSED));
            kit.load().awaitProgressBesides(BESIDES);
            assertEquals(0, kit.victim(ServerCounter.SERVER_CONNECTIONS));
            victim = LocalRedis.startOn(victim.port());
            kit.finish(Set.of(UNKNOWN, RESET, BROKEN_PIPE, REFUSED));
            assertTrue(kit.servers(ServerHalfCounter.LINKS_REFUSED) > 0, "links refused");
            // a dying server may still have taken a connection
            long opened = kit.servers(ServerHalfCounter.LINKS_OPENED);
            assertTrue(opened > 3, "links opened");
            assertEquals(kit.servers(ServerHalfCounter.LINKS_REFUSED) + opened - 3,
                kit.victim(ServerCounter.SERVER_EOF) + kit.victim(ServerCounter.SERVER_ERR), "ends of links");
            assertEquals(0, kit.servers(ServerHalfCounter.STRAY_REPLIES));
        } finally {
            victim.close();
        }
    }

    /** For longer than {@code timeout}, and not as long as {@code link_silence_ms}: the link stays. */
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldDropTheLateRepliesOfAServerThatStandsStill(LaneKind kind) throws Exception {
        LocalRedis victim = LocalRedis.start();
        try (FaultKit kit = new FaultKit(kind, victim.port(), second, third, false, LONG_SILENCE_MS)) {
            ProxyKit.signal(victim, "STOP");
            kit.load().awaitError();
            kit.load().awaitProgressBesides(BESIDES);
            assertEquals(0, kit.servers(ServerHalfCounter.LATE_REPLIES));
            ProxyKit.signal(victim, "CONT");
            kit.finish(Set.of(TIMED_OUT));
            assertTrue(kit.servers(ServerHalfCounter.LATE_REPLIES) > 0, "late replies");
            assertTrue(kit.servers(ServerHalfCounter.TIMED_OUT) >= kit.load().counts().errorCount(), "timeouts");
            assertEquals(3, kit.servers(ServerHalfCounter.LINKS_OPENED), "links opened");
            assertEquals(0, kit.victim(ServerCounter.SERVER_TIMEDOUT), "links that ended by silence");
            assertEquals(kit.victim(ServerCounter.REQUESTS) - kit.victim(ServerCounter.RESPONSES),
                kit.servers(ServerHalfCounter.TIMED_OUT) - kit.servers(ServerHalfCounter.LATE_REPLIES),
                "requests that were never sent");
        } finally {
            ProxyKit.signal(victim, "CONT");
            victim.close();
        }
    }

    /** For longer than {@code link_silence_ms}: the link is given up, and the next one finds the server again. */
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldGiveUpALinkToAServerThatStandsStillForLong(LaneKind kind) throws Exception {
        LocalRedis victim = LocalRedis.start();
        try (FaultKit kit = new FaultKit(kind, victim.port(), second, third, false, SHORT_SILENCE_MS)) {
            ProxyKit.signal(victim, "STOP");
            Await.until(() -> "the end of a link; " + kit.load().state(), LIMIT,
                () -> kit.victim(ServerCounter.SERVER_TIMEDOUT) > 0);
            kit.load().awaitProgressBesides(BESIDES);
            ProxyKit.signal(victim, "CONT");
            kit.finish(Set.of(TIMED_OUT));
            assertTrue(kit.servers(ServerHalfCounter.LINKS_OPENED) > 3, "links opened");
            assertEquals(0, kit.servers(ServerHalfCounter.STRAY_REPLIES));
        } finally {
            ProxyKit.signal(victim, "CONT");
            victim.close();
        }
    }
}
