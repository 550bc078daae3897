package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.millrace.engine.count.ClientHalfCounter;

/** Clients that send half of a large value and wait hold nobody up for longer than {@code gather_timeout}. */
@Timeout(120)
@Tag("alone")
@Tag("faults")
class HalfSentValueTest {
    private static final int MIB = 1 << 20;
    private static final int VALUE = 64 * MIB;
    private static final byte[] BLOCK = "millrace".repeat(32 << 10).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = Resp.bytes("\r\n");
    private static final long MS = 1_000_000;
    private static final int GATHER_TIMEOUT_MS = 2000;

    static Stream<Arguments> ways() {
        return LargeReplyTest.ways();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldPassAThirdMeanwhileIfThereIsMemoryForAllAndCloseTheTwo(LaneKind kind, String transport)
        throws IOException {
        try (ProxyKit kit = kit(kind, transport, 512, GATHER_TIMEOUT_MS)) {
            Halves halves = new Halves(kit);
            assertEquals("+OK\r\n", sendWhole(kit.client()).join());
            assertEquals(0, counter(kit, ClientHalfCounter.CLOSED_BY_GATHER_TIMEOUT), "it had to wait for them");
            halves.areClosed();
            kit.client().expect(":" + VALUE + "\r\n", "STRLEN", "whole");
            kit.assertQuiet();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldPassAThirdAfterTheTwoAreClosedIfThereIsMemoryForOneOnly(LaneKind kind, String transport)
        throws IOException {
        // all must be on its way before the time of the two is up
        try (ProxyKit kit = kit(kind, transport, 128, 2 * GATHER_TIMEOUT_MS)) {
            RawClient small = kit.client();
            small.expect("+OK\r\n", "SET", "small", "v");
            long beganNs = System.nanoTime();
            Halves halves = new Halves(kit);
            CompletableFuture<String> whole = sendWhole(kit.client());
            long sentNs = System.nanoTime();
            int served = 0;
            while (counter(kit, ClientHalfCounter.CLOSED_BY_GATHER_TIMEOUT) == 0) {
                small.expect("+OK\r\n", "SET", "small", "v");
                served++;
            }
            long endedNs = System.nanoTime();
            // one that waits is answered when the two are closed
            assertTrue(served > 1, () -> "a small request has waited for a large one, " + (endedNs - sentNs) / MS
                + " ms; the large ones have begun " + (sentNs - beganNs) / MS + " ms before");
            assertTrue(counter(kit, ClientHalfCounter.PAUSED_BY_RESERVATION) >= 1, "there was memory for all");
            halves.areClosed();
            assertEquals("+OK\r\n", whole.join());
            small.expect(":" + VALUE + "\r\n", "STRLEN", "whole");
            assertEquals(0, counter(kit, ClientHalfCounter.NO_MEMORY));
            kit.assertQuiet();
        }
    }

    private static ProxyKit kit(LaneKind kind, String transport, int memoryMib, int gatherTimeoutMs)
        throws IOException {
        int halves = kind == LaneKind.SPLIT ? 2 : 1;
        return ProxyKit.with(kind).servers(1).engine("transport", transport).engine("lanes", "1")
            .limit("max_memory", memoryMib * halves + "mb").limit("max_message", "65mb")
            .limit("gather_timeout", Integer.toString(gatherTimeoutMs)).start();
    }

    private static long counter(ProxyKit kit, ClientHalfCounter counter) {
        return kit.millrace().totals().clients(counter);
    }

    /** Sends a SET of a whole value aside; gives the reply. */
    private static CompletableFuture<String> sendWhole(RawClient client) {
        return client.sendAside(head("whole"), BLOCK, VALUE).thenCompose(done -> client.sendAside(END))
            .thenApply(done -> {
                try {
                    return Resp.text(client.reply());
                } catch (IOException e) {
                    return e.toString();
                }
            });
    }

    private static byte[] head(String key) {
        return Resp.bytes("*3\r\n$3\r\nSET\r\n$" + key.length() + "\r\n" + key + "\r\n$" + VALUE + "\r\n");
    }

    /** Two clients that send half of a value. */
    private static final class Halves {
        private final ProxyKit kit;
        private final RawClient first;
        private final RawClient second;

        Halves(ProxyKit kit) throws IOException {
            this.kit = kit;
            first = kit.client();
            second = kit.client();
            first.sendAside(head("half"), BLOCK, VALUE / 2).handle((done, gone) -> null);
            Await.until("nothing is set aside", () -> kit.millrace().totals().bytesInUse() > VALUE / 4);
            second.sendAside(head("half"), BLOCK, VALUE / 2).handle((done, gone) -> null);
        }

        /** Both are closed, and counted, and nothing is left of what they sent. */
        void areClosed() throws IOException {
            Await.until("they are not closed",
                () -> counter(kit, ClientHalfCounter.CLOSED_BY_GATHER_TIMEOUT) == 2);
            assertEquals(0, first.untilClose().length);
            assertEquals(0, second.untilClose().length);
            RawClient client = kit.client();
            client.expect("$-1\r\n", "GET", "half");
            assertFalse(client.hasInput());
        }
    }
}
