package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.perf.server.LocalRedis;

/**
 * A proxy before three servers, of which the first is going to fail, under a steady load. {@link #finish} shows what
 * must hold whatever the fault was.
 */
final class FaultKit implements AutoCloseable {
    /** No healthy server needs so long, even where four processes want each processor. */
    static final int TIMEOUT_MS = 1_500;
    /** How much later than {@code timeout} an answer may come on a busy machine. */
    static final int SLACK_MS = 4_000;

    private static final int VICTIM = 0;
    private static final int SERVERS = 3;
    private static final int WARM = 50;
    private static final Duration WHOLE_AGAIN = Duration.ofSeconds(20);
    private static final Duration BACK = Duration.ofSeconds(20);

    private final ProxyKit kit;
    private final long bytesBefore;
    private final FaultLoad load;
    private final Map<String, Integer> descriptors;

    /**
     * Starts it and waits until all is warm.
     *
     * @param victimPort where the proxy finds the server that is going to fail
     * @param mayVanish  whether that server may lose its data
     * @param silenceMs  link_silence_ms
     */
    FaultKit(LaneKind kind, int victimPort, LocalRedis second, LocalRedis third, boolean mayVanish, int silenceMs)
        throws IOException {
        kit = ProxyKit.with(kind).servers(0).otherServer("127.0.0.1:" + victimPort + ":1 victim")
            .otherServer("127.0.0.1:" + second.port() + ":1 second")
            .otherServer("127.0.0.1:" + third.port() + ":1 third").pool("timeout", Integer.toString(TIMEOUT_MS))
            .pool("preconnect", "true").limit("link_silence_ms", Integer.toString(silenceMs))
            .limit("link_retry_max_ms", "50").start();
        Await.until("all links open", () -> connections(VICTIM) == 1 && connections(1) == 1 && connections(2) == 1);
        try (RawClient first = new RawClient(kit.port())) {
            for (int server = 0; server < SERVERS; server++) {
                first.expect("$-1\r\n", "GET", kit.keyOn(server, "nothing", 0));
            }
        }
        bytesBefore = kit.millrace().totals().bytesInUse();
        load = new FaultLoad(kit, SERVERS, VICTIM, mayVanish);
        load.awaitWhole(WHOLE_AGAIN);
        load.awaitProgressBesides(WARM);
        descriptors = Descriptors.open();
        assertEquals(Map.of(), load.counts().errors(), "errors before any fault");
    }

    FaultLoad load() {
        return load;
    }

    ProxyKit proxy() {
        return kit;
    }

    /** A counter of the victim. */
    long victim(ServerCounter counter) {
        return counter(VICTIM, counter);
    }

    long servers(ServerHalfCounter counter) {
        return kit.millrace().totals().servers(counter);
    }

    private long counter(int server, ServerCounter counter) {
        return kit.millrace().totals().server(0, server, counter);
    }

    private long connections(int server) {
        return counter(server, ServerCounter.SERVER_CONNECTIONS);
    }

    /** The fault is over: all is as before within a deadline, and nothing was harmed but requests to the victim. */
    void finish(Set<String> texts) throws IOException {
        load.awaitWhole(WHOLE_AGAIN);
        load.awaitProgressBesides(WARM);
        assertEquals(1, connections(VICTIM), "links to the victim");
        Await.until(() -> "descriptors before the fault: " + descriptors + ", after: " + Descriptors.open(), BACK,
            () -> Descriptors.areBackTo(descriptors));
        load.stop(Duration.ofMillis(TIMEOUT_MS + SLACK_MS));
        LoadCounts counts = load.counts();
        assertTrue(counts.wrong().isEmpty(), load::state);
        assertEquals(0, counts.unanswered(), load::state);
        assertTrue(counts.longestMs() <= TIMEOUT_MS + SLACK_MS, load::state);
        assertTrue(texts.containsAll(counts.errors().keySet()), () -> texts + " expected, but " + load.state());
        assertCounters(counts);
        load.close();
        kit.assertQuiet();
        assertMemoryIsBack();
    }

    /** io_uring gives its receive buffers back some seconds later; {@link ProxyKit#assertQuiet} counts them. */
    private void assertMemoryIsBack() {
        if (kit.millrace().transport().equals("nio")) {
            Await.until(() -> "bytes in use before: " + bytesBefore + ", after: "
                + kit.millrace().totals().bytesInUse(), BACK,
                () -> kit.millrace().totals().bytesInUse() <= bytesBefore);
        }
    }

    private void assertCounters(LoadCounts counts) {
        for (int server = 1; server < SERVERS; server++) {
            int each = server;
            assertEquals(1, connections(server), "links to a server that is well");
            for (ServerCounter end : Set.of(ServerCounter.SERVER_EOF, ServerCounter.SERVER_ERR,
                ServerCounter.SERVER_TIMEDOUT)) {
                assertEquals(0, counter(server, end), () -> end + " of server " + each);
            }
            assertEquals(counter(server, ServerCounter.REQUESTS), counter(server, ServerCounter.RESPONSES),
                "requests and responses of a server that is well");
        }
        Await.until(() -> "gauges of the victim's queues: " + victim(ServerCounter.IN_QUEUE) + ", "
            + victim(ServerCounter.OUT_QUEUE), BACK, () -> victim(ServerCounter.IN_QUEUE)
            + victim(ServerCounter.OUT_QUEUE) + victim(ServerCounter.OUT_QUEUE_BYTES) == 0);
        // an error of MGET or MSET is the reply of a plan
        assertEquals(counts.errorCount() - counts.errorsOfSeveralServers(),
            kit.millrace().totals().pool(0, PoolCounter.FORWARD_ERROR), "forward_error");
        assertEquals(0, servers(ServerHalfCounter.FAULTS));
        assertEquals(0, kit.millrace().totals().clients(ClientHalfCounter.FAULTS));
        assertEquals(0, kit.millrace().totals().clients(ClientHalfCounter.CLOSED_IN_REPLY));
    }

    @Override
    public void close() throws IOException {
        load.close();
        kit.close();
    }
}
