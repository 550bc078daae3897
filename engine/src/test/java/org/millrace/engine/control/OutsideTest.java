package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.io.CloseCause;
import org.millrace.io.Endpoint;
import org.millrace.routing.Topology;

/** What of a lane's reports reaches the log, and how often. */
class OutsideTest {
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    /** Of a level at which the log itself folds nothing. */
    private final EventLog log = new EventLog(new PrintStream(text, true, StandardCharsets.UTF_8), EventLog.MAX_LEVEL);
    private final Control control = new Control(log);
    private final MillraceConfig config = LaneSpec.lane().pool("auto_eject_hosts", true).servers(2).read();
    private final Topology topology = Topology.of(config, 1);
    private final ServerNames names = new ServerNames(topology, address -> Endpoint.tcp("127.0.0.1", address.port()),
        log, 0);
    private final Snapshots snapshots = new Snapshots(topology, names);
    private final Health health = new Health(snapshots, (endpoint, pool, server, answer) -> { }, log, () -> 0);
    private final Outside outside = new Outside(snapshots, control, log, names, health);

    @Test
    void shouldReportAFaultWithoutAStackOnce() throws InterruptedException {
        RuntimeException bare = new IllegalStateException("made in advance");
        bare.setStackTrace(new StackTraceElement[0]);
        outside.onFault("stage", bare);
        outside.onFault("stage", bare);
        outside.onFault("handler", bare);
        outside.onFault("stage", new IllegalStateException("here"));
        assertEquals(3, lines("exception in "));
        assertEquals(3, log.errors());
    }

    @Test
    void shouldSayThatAServerClosedTheConnection() throws InterruptedException {
        outside.onServerDown(0, 0, CloseCause.PEER_CLOSED);
        outside.onServerDown(0, 1, CloseCause.REFUSED);
        assertEquals(1, lines("server 127.0.0.1:7000 closed the connection"));
        assertEquals(1, lines("server 127.0.0.1:7001 failed: Connection refused (REFUSED)"));
        assertEquals(0, lines("unknown"));
    }

    @Test
    void shouldLogARefusedHandshakeOnceUntilItChanges() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            outside.onHandshakeRefused(0, 0, "-ERR invalid password\r\n");
        }
        outside.onHandshakeRefused(0, 1, "-ERR invalid password\r\n");
        outside.onHandshakeRefused(0, 0, "-ERR DB index is out of range\r\n");
        outside.onServerDown(0, 1, CloseCause.RESET);
        outside.onHandshakeRefused(0, 1, "-ERR invalid password\r\n");
        assertEquals(4, lines("refused AUTH or SELECT"));
        assertEquals(1, lines("out of range"));
    }

    /** Nobody works the queue off, as when the control thread hangs in a write to its log. */
    private void fill() {
        int i = 0;
        while (control.offer(() -> { })) {
            assertTrue(i++ < 100_000, "the queue has no limit");
        }
        assertEquals(1, control.refused());
    }

    @Test
    void shouldKeepReportsThatFindTheQueueFull() throws Exception {
        fill();
        for (int i = 0; i < 3; i++) {
            outside.onServerFailure(0, 1, CloseCause.REFUSED);
        }
        outside.onServerDown(0, 1, CloseCause.REFUSED);
        outside.onServerDown(0, 0, CloseCause.REFUSED);
        outside.onServerUp(0, 0);
        outside.onHandshakeRefused(0, 0, "-ERR invalid password\r\n");
        outside.onFault("stage", new IllegalStateException("here"));
        assertEquals(8, outside.heldReports());
        assertEquals("", text.toString(StandardCharsets.UTF_8));
        control.start(List.of(), null);
        long deadlineNs = System.nanoTime() + 10_000_000_000L;
        while (!text.toString(StandardCharsets.UTF_8).contains("exception in stage")
            || health.of("alpha", "127.0.0.1:7001") == null) {
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> text.toString(StandardCharsets.UTF_8));
            Thread.onSpinWait();
        }
        assertEquals(1, health.of("alpha", "127.0.0.1:7001").failures, "a failure, however often it was told");
        outside.onServerUp(0, 1);
        assertEquals(1, lines("server 127.0.0.1:7001 failed: "));
        assertEquals(0, lines("server 127.0.0.1:7000 failed: "), "it is back by now");
        assertEquals(1, lines("server 127.0.0.1:7000 is back"));
        assertEquals(1, lines("refused AUTH or SELECT"));
        assertEquals(1, lines("server 127.0.0.1:7001 is back"), "from here on the queue is used again");
        assertEquals(8, outside.heldReports());
    }

    private long lines(String part) throws InterruptedException {
        control.stop();
        String all = text.toString(StandardCharsets.UTF_8);
        assertTrue(all.isEmpty() || all.endsWith(System.lineSeparator()), all);
        return all.lines().filter(line -> line.contains(part)).count();
    }
}
