package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.request;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.conf.AddressConfig;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.io.Endpoint;

/** How the control thread hands snapshots to lanes. */
class SnapshotsTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final EventLog log = new EventLog(new ByteArrayOutputStream());
    private final AtomicReference<List<Endpoint>> found = new AtomicReference<>(
        List.of(Endpoint.tcp("127.0.0.1", 7000)));

    private static MillraceConfig config(String pool) {
        return ConfigReader.read("names.yml", pool + """
            :
              listen: 127.0.0.1:22121
              redis: true
              servers:
                - cache.test:7000:1
            """);
    }

    private ServerNames names(LaneHarness lane) {
        return new ServerNames(lane.topology(), new ServerNames.Lookup() {
            @Override
            public Endpoint resolve(AddressConfig address) {
                return found.get().getFirst();
            }

            @Override
            public List<Endpoint> resolveAll(AddressConfig address) {
                return found.get();
            }
        }, log, 10 * SECOND_NS);
    }

    private static LaneHandle handle(LaneHarness lane) {
        return new LaneHandle(lane.lane(), lane.commands(), List.of(), List.of(lane.transport()));
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldMoveLinksWhenAnAddressHasChanged(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            lane.take(config("alpha"));
            lane.after(2);
            ServerNames names = names(lane);
            names.watch(() -> { }, 0);
            Snapshots snapshots = new Snapshots(lane.topology(), names);
            snapshots.start(List.of(handle(lane)));
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k"));
            lane.reply(0, "+first\r\n");

            names.round(20 * SECOND_NS);
            snapshots.look();
            lane.settle();
            assertEquals(2, snapshots.topology().version(), "nothing has changed");

            found.set(List.of(Endpoint.tcp("127.0.0.1", 7001), Endpoint.tcp("127.0.0.1", 7000)));
            names.round(40 * SECOND_NS);
            snapshots.look();
            lane.settle();
            assertEquals(2, snapshots.topology().version(), "it is one of several, and works");

            found.set(List.of(Endpoint.tcp("127.0.0.1", 7001)));
            names.round(60 * SECOND_NS);
            assertEquals(1_000_000, snapshots.look());
            assertFalse(snapshots.isTaken());
            lane.settle();
            snapshots.look();
            assertTrue(snapshots.isTaken());
            for (int i = 0; i < 3; i++) {
                lane.after(2);
            }
            assertTrue(lane.server(0).link().isClosed());
            lane.send(client, request("GET", "k"));
            lane.reply(1, "+second\r\n");
            assertEquals("+first\r\n+second\r\n", client.take());

            found.set(List.of(Endpoint.tcp("127.0.0.1", 7001), Endpoint.tcp("127.0.0.1", 7002)));
            names.onServerDown(0, 1);
            names.round(80 * SECOND_NS);
            assertEquals(Endpoint.tcp("127.0.0.1", 7002), names.endpoints().getFirst().get(1),
                "nobody answers at the one that was used");
        }
    }

    @Test
    void shouldHandALaneOneSnapshotAtATime() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            Snapshots snapshots = new Snapshots(lane.topology(), names(lane));
            snapshots.start(List.of(handle(lane)));
            for (int i = 0; i < 10_000; i++) {
                snapshots.change(snapshots.topology().next());
            }
            snapshots.look();
            lane.turn();
            assertEquals(2, lane.lane().snapshot().topology().version());
            snapshots.look();
            lane.turn();
            assertEquals(10_001, lane.lane().snapshot().topology().version(), "those in between are of no use");
            snapshots.look();
            assertTrue(snapshots.isTaken());
        }
    }

    @Test
    void shouldFreeTheIndexOfAPoolWhenItsLastClientIsGone() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            Snapshots snapshots = new Snapshots(lane.topology(), names(lane));
            snapshots.start(List.of(handle(lane)));
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "k"));
            snapshots.change(snapshots.next(config("beta")));
            look(snapshots, lane);
            assertEquals(1, snapshots.topology().poolIndexOf("beta"));
            assertEquals(2, snapshots.next(config("gamma")).poolIndexOf("gamma"), "the client is still there");
            lane.reply(0, "+v\r\n");
            assertEquals("+v\r\n", client.take());
            lane.after(1_001);
            assertTrue(client.isClosed());
            look(snapshots, lane);
            look(snapshots, lane);
            assertEquals(0, snapshots.next(config("gamma")).poolIndexOf("gamma"));
        }
    }

    private static void look(Snapshots snapshots, LaneHarness lane) {
        for (int i = 0; i < 3; i++) {
            snapshots.look();
            lane.settle();
        }
    }
}
