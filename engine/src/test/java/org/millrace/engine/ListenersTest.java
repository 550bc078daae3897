package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.kit.FakeSocket;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.io.CloseCause;

/** Clients that are on their way to another lane count against client_connections. */
class ListenersTest {
    @Test
    void shouldCountClientsThatTheirLaneHasNotSeenYet() throws IOException {
        LaneSpec spec = LaneSpec.lane().pool("client_connections", 3);
        try (LaneHarness first = spec.start(LaneMode.FUSED); LaneHarness second = spec.start(LaneMode.FUSED)) {
            Listeners listeners = new Listeners(first.config(), List.of(handle(first), handle(second)), text -> { });
            listeners.open();
            FakeSocket a = first.transport().arrive(0);
            FakeSocket b = first.transport().arrive(0);
            FakeSocket c = first.transport().arrive(0);
            assertNotNull(a.connection());
            assertNull(b.connection(), "it waits for the second lane's turn");
            assertNotNull(c.connection());
            assertTurnedAway(first);
            second.settle();
            assertNotNull(b.connection());
            assertTurnedAway(first);
            b.connection().end(CloseCause.PEER_CLOSED);
            second.settle();
            FakeSocket d = first.transport().arrive(0);
            assertFalse(d.isClosed());
            assertTurnedAway(first);
            second.settle();
            a.connection().end(CloseCause.PEER_CLOSED);
            c.connection().end(CloseCause.PEER_CLOSED);
            first.settle();
            d.connection().end(CloseCause.PEER_CLOSED);
            second.settle();
            assertEquals(List.of(), first.lane().client().state().life().clients());
        }
    }

    private static void assertTurnedAway(LaneHarness lane) {
        FakeSocket socket = lane.transport().arrive(0);
        lane.settle();
        assertEquals("-ERR max number of clients reached\r\n", socket.connection().take());
        socket.connection().end(CloseCause.PEER_CLOSED);
        lane.settle();
    }

    private static LaneHandle handle(LaneHarness lane) {
        return new LaneHandle(lane.lane(), lane.commands(), List.of(), List.of(lane.transport()));
    }
}
