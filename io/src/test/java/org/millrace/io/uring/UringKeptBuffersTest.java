package org.millrace.io.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.io.ArenaConfig;
import org.millrace.io.EchoHandler;
import org.millrace.io.Recorder;
import org.millrace.io.SegmentArena;
import org.millrace.io.Transport;

/** Receive buffers that stay however little goes on. */
class UringKeptBuffersTest extends UringFixture {
    private static final int KEPT = 3;

    @Override
    protected Transport newTransport(SegmentArena arena) {
        return new UringTransport(arena, UringSettings.defaults().withBuffers(BUFFERS, BUFFERS).withKeptBuffers(KEPT));
    }

    @Test
    void shouldNeverRunOutForAsManyConnectionsAndKeepThemWhenIdle() throws IOException {
        listen(EchoHandler::new);
        List<Recorder> clients = new ArrayList<>();
        for (int i = 0; i < KEPT; i++) {
            clients.add(connect(new Recorder()));
        }
        turnUntil("accepted", () -> accepted.size() == KEPT);
        BufferGroup links = ((UringTransport) client).buffers(true);
        for (int round = 1; round <= 100; round++) {
            int expected = round;
            clients.forEach(recorder -> send(recorder, new byte[1]));
            turnUntil("echoed", () -> clients.stream().allMatch(each -> each.receivedLength() == expected));
        }
        assertEquals(0, links.exhaustions());
        turnUntil("only they are left", () -> client.arena().segmentsInUse() == KEPT);
        assertEquals(KEPT, links.published());
    }

    @Test
    void shouldKeepNoMoreThanThereMayBe() {
        try (SegmentArena arena = new SegmentArena(new ArenaConfig(1 << 20, 1 << 20, true));
            UringTransport small = new UringTransport(arena,
                UringSettings.defaults().withBuffers(2, 2).withKeptBuffers(100))) {
            small.poll(0);
            BufferGroup clients = small.buffers(false);
            clients.use();
            assertEquals(2, clients.published());
        }
    }

    @Test
    void shouldRefuseToKeepNone() {
        assertThrows(IllegalArgumentException.class, () -> UringSettings.defaults().withKeptBuffers(0));
    }
}
