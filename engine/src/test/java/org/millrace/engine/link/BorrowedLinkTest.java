package org.millrace.engine.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.millrace.engine.kit.Resp.request;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;

/** All that holds of links of a lane's own holds of those that it borrows. */
@Tag("faults")
class BorrowedLinkTest extends LinkTest {
    @Override
    LaneSpec spec() {
        return LaneSpec.lane().borrowing();
    }

    /** What is on its way to the owner when the link ends fails with it, as what is in a socket's buffer does. */
    @Override
    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNeverGiveAStrayReplyToARequestOfTheSameTurn(LaneMode mode) {
        try (LaneHarness lane = spec().start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a"));
            lane.reply(0, "+a\r\n");
            client.take();
            lane.server(0).reply("+stray\r\n");
            lane.send(client, request("GET", "b"));
            assertEquals(1, lane.count(ServerHalfCounter.STRAY_REPLIES));
            assertEquals("-ERR Invalid argument\r\n", client.take());
            lane.send(client, request("GET", "c"));
            assertEquals(2, lane.server(0).attempts());
            lane.reply(0, "+c\r\n");
            assertEquals("+c\r\n", client.take());
        }
    }
}
