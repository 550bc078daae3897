package org.millrace.engine.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.request;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.routing.Topology;

/** Keys so long that they are bodies: placed as any other key, their memory counted and given back. */
class LongKeyTest {
    private static final int MIB = 1 << 20;

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPlaceLongKeysAsTheTopologyDoes(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(3).start(mode)) {
            FakeConnection client = lane.connect();
            for (int i = 0; i < 12; i++) {
                String key = Resp.value(20_000) + i;
                int server = Topology.of(lane.config(), 1).pool(0).serverOf(Resp.bytes(key)).index();
                lane.send(client, request("GET", key));
                assertEquals(List.of("GET " + key), lane.server(server).requests());
                lane.reply(server, Resp.bulk("v" + i));
                assertEquals(Resp.bulk("v" + i), client.take());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSplitByLongKeys(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).start(mode)) {
            FakeConnection client = lane.connect();
            Topology topology = Topology.of(lane.config(), 1);
            String first = Resp.value(30_000);
            int server = topology.pool(0).serverOf(Resp.bytes(first)).index();
            String second = first;
            for (int i = 0; topology.pool(0).serverOf(Resp.bytes(second)).index() == server; i++) {
                second = Resp.value(17_000) + i;
            }
            lane.send(client, request("MGET", first, second));
            assertEquals(List.of("mget " + first), lane.server(server).requests());
            assertEquals(List.of("mget " + second), lane.server(1 - server).requests());
            lane.reply(server, "*1\r\n$1\r\na\r\n");
            lane.reply(1 - server, "*1\r\n$1\r\nb\r\n");
            assertEquals("*2\r\n$1\r\na\r\n$1\r\nb\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldRefuseAKeyThatThereIsNoMemoryToHash(LaneMode mode) {
        int memory = mode == LaneMode.SPLIT ? 2 * 16 : 16;
        try (LaneHarness lane = LaneSpec.lane().servers(2).limit("max_memory", memory + "mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.serverTransport().arena().maxBytes(12 * MIB);
            lane.send(client, request("PING"));
            client.take();
            long before = lane.serverTransport().arena().bytesInUse();
            String key = Resp.value(MIB).repeat(mode == LaneMode.SPLIT ? 13 : 7);
            client.deliverInPieces(request("GET", key), 60_000);
            lane.settle();
            assertEquals("-ERR Cannot allocate memory\r\n", client.take());
            assertEquals(1, lane.count(ServerHalfCounter.NO_MEMORY));
            assertEquals(before, lane.serverTransport().arena().bytesInUse());
            assertEquals(0, lane.server(0).attempts() + lane.server(1).attempts());
            lane.send(client, request("PING"));
            assertEquals("+PONG\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotHashWhereThereIsNoChoice(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            String key = Resp.value(MIB).repeat(5);
            long copied = lane.lane().client().state().messages().bytesCopied();
            client.deliverInPieces(request("GET", key), 60_000);
            lane.settle();
            assertTrue(lane.lane().client().state().messages().bytesCopied() - copied < MIB, "the key was copied");
            assertNotEquals(0, lane.server(0).attempts());
            assertEquals(List.of("GET " + key), lane.server(0).requests());
            lane.reply(0, "$-1\r\n");
            assertEquals("$-1\r\n", client.take());
        }
    }
}
