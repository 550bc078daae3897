package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ServerCounter;
import org.millrace.perf.fault.FaultPort;
import org.millrace.perf.fault.WireFaults;
import org.millrace.perf.server.LocalMemcached;

/** A wire to a real memcached that fails: its requests tell why, all others are as ever, and then all is well again. */
@Timeout(120)
@Tag("faults")
class MemcachedWireFaultTest {
    private static final String VALUE = "v".repeat(100);

    /** What happens to the wire, and the texts that may come of it. */
    private enum Fault {
        HALF_A_VALUE("unknown") {
            @Override
            void strike(FaultPort port) {
                port.replies(WireFaults.closeAfter(50));
            }
        },
        RESET_IN_A_VALUE("Connection reset by peer", "unknown") {
            @Override
            void strike(FaultPort port) {
                port.replies(WireFaults.resetAfter(50));
            }
        },
        HALF_A_REQUEST("unknown", "Connection reset by peer") {
            @Override
            void strike(FaultPort port) {
                port.requests(WireFaults.closeAfter(5));
            }
        },
        NO_MORE_REPLIES("unknown") {
            @Override
            void strike(FaultPort port) {
                port.replies(WireFaults.halfCloseAfter(0));
            }
        },
        BLACK_HOLE("Connection timed out") {
            @Override
            void strike(FaultPort port) {
                port.requests(WireFaults.BLACK_HOLE);
            }
        },
        PAUSE("Connection timed out") {
            @Override
            void strike(FaultPort port) {
                port.replies(WireFaults.PAUSE);
            }
        },
        REFUSAL("Connection refused", "Connection reset by peer") {
            @Override
            void strike(FaultPort port) throws IOException {
                port.refuse();
                port.reset();
            }
        },
        HANG_UP("unknown", "Connection reset by peer") {
            @Override
            void strike(FaultPort port) {
                port.hangUp();
                port.hangUpAll();
            }
        };

        private final Set<String> texts;

        Fault(String... texts) {
            this.texts = Set.of(texts);
        }

        abstract void strike(FaultPort port) throws IOException;

        boolean mayAnswer(String line) {
            return texts.stream().anyMatch(text -> line.equals("SERVER_ERROR " + text));
        }
    }

    private static ProxyKit proxy(LaneKind kind, FaultPort port, LocalMemcached well) throws IOException {
        return MemcachedKit.builder(kind, "timeout", "1000").otherServer("127.0.0.1:" + port.port() + ":1 failing")
            .otherServer("127.0.0.1:" + well.port() + ":1 well").limit("link_retry_max_ms", "20")
            .limit("link_silence_ms", "2000").start();
    }

    private static String set(String key) {
        return "set " + key + " 0 0 " + VALUE.length() + "\r\n" + VALUE + "\r\n";
    }

    private static boolean isWell(RawClient client, String requests, String replies) {
        try {
            return MemcachedKit.talk(client, requests).equals(replies);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldHarmNobodyElseAndBeWholeAgain(LaneKind kind) throws IOException {
        Assumptions.assumeTrue(LocalMemcached.isInstalled(), "no memcached is installed");
        try (LocalMemcached failing = LocalMemcached.start(); LocalMemcached second = LocalMemcached.start();
            FaultPort port = FaultPort.before(failing.address()); ProxyKit kit = proxy(kind, port, second)) {
            RawClient client = kit.client();
            String lost = kit.keyOn(0, "k", 0);
            String kept = kit.keyOn(1, "k", 0);
            String keptValue = MemcachedKit.value(kept, VALUE);
            String requests = "get " + kept + "\r\nget " + lost + "\r\nget " + kept + ' ' + lost + "\r\n" + set(kept)
                + "get " + lost + "\r\n";
            String replies = keptValue + "END\r\n" + MemcachedKit.value(lost, VALUE) + "END\r\n" + keptValue
                + MemcachedKit.value(lost, VALUE) + "END\r\nSTORED\r\n" + MemcachedKit.value(lost, VALUE) + "END\r\n";
            assertEquals("STORED\r\nSTORED\r\n", MemcachedKit.talk(client, set(lost) + set(kept)));
            for (Fault fault : Fault.values()) {
                assertEquals(replies, MemcachedKit.talk(client, requests), "before " + fault);
                fault.strike(port);
                assertHarmed(fault, MemcachedKit.talk(client, requests), keptValue);
                if (fault == Fault.BLACK_HOLE) {
                    // what was swallowed is never answered: the link is of no use any more
                    Await.until("the end of the silent link", () -> kit.millrace().totals().server(0, 0,
                        ServerCounter.SERVER_TIMEDOUT) >= 1);
                }
                port.heal();
                Await.until(() -> "all well after " + fault, Duration.ofSeconds(30),
                    () -> isWell(client, requests, replies));
            }
            assertEquals(1, kit.millrace().totals().server(0, 1, ServerCounter.SERVER_CONNECTIONS));
            for (ServerCounter end : Set.of(ServerCounter.SERVER_EOF, ServerCounter.SERVER_ERR,
                ServerCounter.SERVER_TIMEDOUT)) {
                assertEquals(0, kit.millrace().totals().server(0, 1, end), "the other link stays");
            }
        }
    }

    /** In their order; what is of the other server is whole, and of the failing one there is an error or all. */
    private static void assertHarmed(Fault fault, String got, String keptValue) {
        String said = fault + " answered " + got;
        int errors = 0;
        for (String line : got.split("\r\n")) {
            if (line.startsWith("SERVER_ERROR")) {
                assertTrue(fault.mayAnswer(line), said);
                errors++;
            }
        }
        assertTrue(errors >= 1 && errors <= 3, said);
        assertTrue(got.startsWith(keptValue + "END\r\n"), said);
        String error = "SERVER_ERROR [A-Za-z ]+\r\n";
        String value = "VALUE k\\d+ 0 100\r\n" + VALUE + "\r\n";
        assertTrue(got.matches("(?s)" + value + "END\r\n(" + error + '|' + value + "END\r\n)(" + error + '|' + value
            + value + "END\r\n)STORED\r\n(" + error + '|' + value + "END\r\n)"), said);
    }

    /** Every byte of a reply is read alone. */
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldTakeRepliesThatDrip(LaneKind kind) throws IOException {
        Assumptions.assumeTrue(LocalMemcached.isInstalled(), "no memcached is installed");
        try (LocalMemcached failing = LocalMemcached.start(); LocalMemcached second = LocalMemcached.start();
            FaultPort port = FaultPort.before(failing.address());
            ProxyKit kit = MemcachedKit.builder(kind).otherServer("127.0.0.1:" + port.port() + ":1 failing")
                .otherServer("127.0.0.1:" + second.port() + ":1 well").start()) {
            RawClient client = kit.client();
            String slow = kit.keyOn(0, "k", 0);
            String well = kit.keyOn(1, "k", 0);
            assertEquals("STORED\r\nSTORED\r\n", MemcachedKit.talk(client, set(slow) + set(well)));
            port.requests(WireFaults.DRIP);
            port.replies(WireFaults.DRIP);
            assertEquals(MemcachedKit.value(slow, VALUE) + MemcachedKit.value(well, VALUE) + "END\r\nSTORED\r\n",
                MemcachedKit.talk(client, "get " + slow + ' ' + well + "\r\n" + set(slow)));
            assertEquals(1, port.accepted(), "links");
        }
    }
}
