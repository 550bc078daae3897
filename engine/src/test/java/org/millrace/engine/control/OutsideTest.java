package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
    private final MillraceConfig config = LaneSpec.lane().servers(2).read();
    private final Topology topology = Topology.of(config, 1);
    private final ServerNames names = new ServerNames(topology, address -> Endpoint.tcp("127.0.0.1", address.port()),
        log, 0);
    private final Snapshots snapshots = new Snapshots(topology, names);
    private final Outside outside = new Outside(snapshots, control, log, names,
        new Health(snapshots, (endpoint, pool, server, answer) -> { }, log, () -> 0));

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

    private long lines(String part) throws InterruptedException {
        control.stop();
        String all = text.toString(StandardCharsets.UTF_8);
        assertTrue(all.isEmpty() || all.endsWith(System.lineSeparator()), all);
        return all.lines().filter(line -> line.contains(part)).count();
    }
}
