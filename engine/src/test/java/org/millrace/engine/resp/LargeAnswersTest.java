package org.millrace.engine.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.request;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.codec.resp.RequestView;
import org.millrace.codec.resp.command.CommandTable;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.engine.ring.RequestSlot;

/** Large answers of the proxy itself: in memory that is counted, and given back. */
class LargeAnswersTest {
    private static final int MIB = 1 << 20;
    private static final int PIECE = 60_000;

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldEchoALargeValueAndGiveItsMemoryBack(LaneMode mode) {
        int memory = mode == LaneMode.SPLIT ? 2 * 160 : 160;
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", memory + "mb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("PING"));
            client.take();
            long before = lane.transport().arena().bytesInUse();
            String value = Resp.value(MIB).repeat(40);
            client.deliverInPieces(request("ECHO", value), PIECE);
            lane.settle();
            assertTrue(bulk(value).equals(client.take()), "other bytes came back");
            assertEquals(before, lane.transport().arena().bytesInUse());
            lane.send(client, request("PING"));
            assertEquals("+PONG\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSendALargeEchoInItsTurn(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().start(mode)) {
            FakeConnection client = lane.connect();
            String value = Resp.value(3 * MIB);
            client.deliverInPieces(request("GET", "k") + request("PING", value), PIECE);
            lane.settle();
            assertEquals("", client.take());
            lane.reply(0, "$-1\r\n");
            assertEquals("$-1\r\n" + bulk(value), client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSayThatThereIsNoMemoryForALargeEcho(LaneMode mode) {
        int memory = mode == LaneMode.SPLIT ? 2 * 16 : 16;
        try (LaneHarness lane = LaneSpec.lane().limit("max_memory", memory + "mb").start(mode)) {
            FakeConnection client = lane.connect();
            client.deliverInPieces(request("ECHO", Resp.value(MIB).repeat(9)), PIECE);
            lane.settle();
            assertEquals("-ERR Cannot allocate memory\r\n", client.take());
            assertEquals(1, lane.count(ClientHalfCounter.ANSWERS_WITHOUT_MEMORY));
            lane.send(client, request("PING"));
            assertEquals("+PONG\r\n", client.take());
        }
    }

    @Test
    void shouldNotKeepTheRoomOfALongAnswer() {
        try (LaneHarness lane = LaneSpec.lane().start(LaneMode.FUSED)) {
            FakeConnection client = lane.connect();
            // an exchange that nobody but this test answers
            lane.send(client, request("INFO"));
            ClientHalfState half = lane.lane().client().state();
            LocalCommands local = new LocalCommands(half, lane.outside(), lane.outside());
            String[] words = new String[300];
            Arrays.fill(words, "k".repeat(1000));
            words[0] = "COMMAND";
            words[1] = "GETKEYS";
            words[2] = "DEL";
            byte[] wire = Resp.bytes(request(words));
            RequestSlot slot = new RequestSlot();
            slot.buffer = new UnsafeBuffer(wire);
            slot.length = wire.length;
            slot.argumentCount = words.length;
            RequestView view = new RequestView().wrap(slot.buffer, 0, wire.length, half.frameLimits().bodyThreshold());
            local.answer(half.exchanges().find(lane.outside().infoQuestions().getFirst()),
                CommandTable.standard().byName("command|getkeys"), slot, view);
            lane.settle();
            assertTrue(client.take().startsWith("*297\r\n$1000\r\nkkk"));
            assertTrue(local.scratchCapacity() <= 64 << 10, () -> "kept " + local.scratchCapacity());
        }
    }
}
