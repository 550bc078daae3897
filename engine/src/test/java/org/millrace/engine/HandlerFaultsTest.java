package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;

/** Exceptions of a transport's handlers are counted by the half that owns the transport, and reported. */
class HandlerFaultsTest {
    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCountWithTheHalf(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            HandlerFaults clients = new HandlerFaults();
            HandlerFaults servers = new HandlerFaults();
            clients.half(lane.lane().client().state().faults());
            servers.half(lane.lane().server().state().faults());
            RuntimeException fault = new IllegalStateException("as the test wants it");
            clients.onError(fault);
            servers.onError(fault);
            servers.onError(new java.io.IOException("as the test wants it"));
            assertEquals(1, lane.count(ClientHalfCounter.FAULTS));
            assertEquals(2, lane.count(ServerHalfCounter.FAULTS));
            assertSame(fault, lane.outside().faults().getFirst());
            assertInstanceOf(java.io.IOException.class, lane.outside().faults().getLast().getCause());
            lane.expectFaults(3);
        }
    }
}
