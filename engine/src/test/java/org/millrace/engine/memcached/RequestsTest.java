package org.millrace.engine.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.io.CloseCause;

/** Requests for one server, and those that need none. */
class RequestsTest {
    static LaneSpec pool(int servers) {
        return LaneSpec.lane().pool("redis", false).servers(servers);
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSendEachRequestToTheServerOfItsKey(LaneMode mode) {
        try (LaneHarness lane = pool(2).start(mode)) {
            FakeConnection client = lane.connect();
            String a = lane.keyOn(0);
            String b = lane.keyOn(1);
            lane.send(client, "set " + a + " 0 -1 5\r\nhello\r\nget " + b + "\r\nmg " + b + " v q\r\nincr " + a
                + " 1\r\n");
            assertEquals("set " + a + " 0 -1 5\r\nhello\r\nincr " + a + " 1\r\n", lane.server(0).link().take());
            assertEquals("get " + b + "\r\nmg " + b + " v  \r\n", lane.server(1).link().take());
            lane.reply(1, "VALUE " + b + " 0 1\r\nv\r\nEND\r\nEN\r\n");
            assertEquals("", client.take());
            lane.reply(0, "STORED\r\n2\r\n");
            assertEquals("STORED\r\nVALUE " + b + " 0 1\r\nv\r\nEND\r\n2\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldHoldBackWhatTheClientDoesNotWantToHear(LaneMode mode) {
        try (LaneHarness lane = pool(1).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "set a 0 0 1 noreply\r\nx\r\nms a 1 q T0\r\ny\r\nmg a q v\r\ndelete a noreply\r\nmn\r\n");
            assertEquals("set a 0 0 1        \r\nx\r\nms a 1   T0\r\ny\r\nmg a   v\r\ndelete a        \r\n",
                lane.server(0).link().take());
            lane.reply(0, "SERVER_ERROR out of memory storing object\r\nHD\r\nEN\r\n");
            assertEquals("", client.take(), "nothing of these three is wanted");
            lane.reply(0, "DELETED\r\n");
            assertEquals("MN\r\n", client.take(), "which waits for all before it");
            lane.send(client, "ms a 1 q\r\ny\r\nmg a q v\r\n");
            lane.reply(0, "NS\r\nVA 1\r\ny\r\n");
            assertEquals("NS\r\nVA 1\r\ny\r\n", client.take(), "quiet is not mute");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldLetTheServerRefuseAFlagThatComesTwice(LaneMode mode) {
        try (LaneHarness lane = pool(1).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "mg qq v q O1 q\r\n");
            assertEquals("mg qq v k O1 k\r\n", lane.server(0).link().take());
            lane.reply(0, "CLIENT_ERROR duplicate flag\r\n");
            assertEquals("CLIENT_ERROR duplicate flag\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAnswerWhatNoServerMaySee(LaneMode mode) {
        try (LaneHarness lane = pool(1).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "version\r\nfoo\r\n\r\nget\r\nget " + "k".repeat(251) + "\r\nset a 0 0 1\r\nxyz\r\n"
                + "watch\r\nset a 0 0 1 noreply\r\nxyz\r\ngat " + "1".repeat(3000) + " a\r\n"
                + "gat " + "1".repeat(99) + " a b\r\n");
            assertEquals(0, lane.server(0).attempts());
            assertEquals("VERSION 1.6.18\r\nERROR\r\nERROR\r\nERROR\r\nCLIENT_ERROR bad command line format\r\n"
                + "CLIENT_ERROR bad data chunk\r\nERROR\r\n"
                + "CLIENT_ERROR watch is not supported by this proxy: it takes the connection to a server over, which "
                + "others share\r\nERROR\r\nCLIENT_ERROR invalid exptime argument\r\n"
                + "CLIENT_ERROR invalid exptime argument\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldQuitAfterWhatIsDue(LaneMode mode) {
        try (LaneHarness lane = pool(1).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "get a\r\nquit\r\nget b\r\n");
            assertEquals("get a\r\n", lane.server(0).link().take());
            assertTrue(client.isOpen());
            lane.reply(0, "END\r\n");
            assertEquals("END\r\n", client.take());
            assertTrue(client.isClosed());
            FakeConnection browser = lane.connect();
            lane.send(browser, "GET / HTTP/1.1\r\nset a 0 0 1\r\nx\r\n");
            assertEquals("", browser.take());
            assertTrue(browser.isClosed());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTellOfDamageAndClose(LaneMode mode) {
        try (LaneHarness lane = pool(1).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "get a\r\nset a 0 0 +1\r\nx\r\n");
            lane.reply(0, "END\r\n");
            assertEquals("END\r\nCLIENT_ERROR bad command line format\r\n", client.take());
            assertTrue(client.isOutputShut());
            assertEquals(1, lane.count(ClientHalfCounter.PROTOCOL_ERRORS));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPassLargeValuesOnWithoutCopyingThem(LaneMode mode) {
        try (LaneHarness lane = pool(1).start(mode)) {
            FakeConnection client = lane.connect();
            String large = Resp.value(300_000);
            client.deliverInPieces("set a 0 0 300000\r\n" + large + "\r\nget a\r\n", 7_777);
            lane.settle();
            assertEquals("set a 0 0 300000\r\n" + large + "\r\nget a\r\n", lane.server(0).link().take());
            lane.server(0).link().deliverInPieces("STORED\r\nVALUE a 0 300000\r\n" + large + "\r\nEND\r\n", 9_999);
            lane.settle();
            assertEquals("STORED\r\nVALUE a 0 300000\r\n" + large + "\r\nEND\r\n", client.take());
            assertTrue(lane.lane().server().state().messages().bytesCopied()
                + lane.lane().client().state().messages().bytesCopied() < 10_000);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSkipAValueBeyondTheLimitAndGoOn(LaneMode mode) {
        try (LaneHarness lane = pool(1).limit("max_bulk", "64kb").start(mode)) {
            FakeConnection client = lane.connect();
            String data = "get b\r\n".repeat(14_285) + "12345";
            client.deliverInPieces("set a 0 0 " + data.length() + "\r\n" + data + "\r\nversion\r\n", 5_000);
            lane.settle();
            assertEquals("SERVER_ERROR object too large for cache\r\nVERSION 1.6.18\r\n", client.take());
            assertEquals(0, lane.server(0).attempts(), "data is never executed");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeAPipelineCutAnywhere(LaneMode mode) {
        String wire = " set  a 0 0 3 noreply \r\nabc\r\nget a\r\nmg a v  q\r\ncas a 1 2 2 9\r\nxy\r\ntouch a 1\r\n"
            + "quit\r\n";
        String asked = "set  a 0 0 3         \r\nabc\r\nget a\r\nmg a v   \r\ncas a 1 2 2 9\r\nxy\r\ntouch a 1\r\n";
        String said = "STORED\r\nVALUE a 0 3\r\nabc\r\nEND\r\nVA 3\r\nabc\r\nEXISTS\r\nTOUCHED\r\n";
        for (int cut = 1; cut < wire.length(); cut++) {
            try (LaneHarness lane = pool(1).start(mode)) {
                FakeConnection client = lane.connect();
                lane.send(client, wire.substring(0, cut));
                lane.send(client, wire.substring(cut));
                assertEquals(asked, lane.server(0).link().take(), "cut at " + cut);
                int at = Math.min(cut, said.length() - 1);
                lane.reply(0, said.substring(0, at));
                lane.reply(0, said.substring(at));
                assertEquals(said.substring("STORED\r\n".length()), client.take(), "cut at " + cut);
                assertTrue(client.isClosed());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldEndTheLinkOfAReplyThatFitsNoRequest(LaneMode mode) {
        try (LaneHarness lane = pool(2).start(mode)) {
            FakeConnection client = lane.connect();
            FakeConnection other = lane.connect();
            lane.send(client, "get " + lane.keyOn(0) + "\r\nget " + lane.keyOn(0, 1) + "\r\n");
            lane.send(other, "get " + lane.keyOn(1) + "\r\n");
            lane.reply(0, "STORED\r\nEND\r\n");
            assertEquals("SERVER_ERROR Invalid argument\r\nSERVER_ERROR Invalid argument\r\n", client.take());
            assertEquals(1, lane.count(ServerHalfCounter.STRAY_REPLIES));
            assertTrue(lane.server(0).link(0).isClosed());
            lane.reply(1, "END\r\n");
            assertEquals("END\r\n", other.take(), "others notice nothing");
            assertTrue(client.isOpen());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldEndTheLinkOfALargeReplyThatFitsNoRequestBeforeAnyOfItPasses(LaneMode mode) {
        try (LaneHarness lane = pool(1).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "delete a\r\n");
            lane.server(0).link().deliverInPieces("VALUE a 0 200000\r\n" + Resp.value(150_000), 20_000);
            lane.settle();
            assertEquals("SERVER_ERROR Invalid argument\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCountWhatIsLostWithALinkAndWantedNoReply(LaneMode mode) {
        try (LaneHarness lane = pool(1).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "set a 0 0 1 noreply\r\nx\r\nget a\r\nms a 1 q\r\ny\r\n");
            lane.server(0).link().end(CloseCause.RESET);
            lane.settle();
            assertEquals("SERVER_ERROR Connection reset by peer\r\nSERVER_ERROR Connection reset by peer\r\n",
                client.take(), "the get, and the quiet set, whose errors are wanted");
            assertEquals(1, lane.count(ServerHalfCounter.SILENT_LOST));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTellTheCauseOfEachFailure(LaneMode mode) {
        for (CloseCause cause : CloseCause.values()) {
            try (LaneHarness lane = pool(1).start(mode)) {
                FakeConnection client = lane.connect();
                lane.send(client, "get a\r\n");
                lane.server(0).link().end(cause);
                lane.settle();
                assertEquals("SERVER_ERROR " + cause.text() + "\r\n", client.take(), cause.name());
                assertFalse(client.isClosed());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldLetARequestTimeOutAlone(LaneMode mode) {
        try (LaneHarness lane = pool(1).pool("timeout", 100).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "get a\r\nset b 0 0 1 noreply\r\nx\r\n");
            lane.after(90);
            FakeConnection other = lane.connect();
            lane.send(other, "get c\r\n");
            lane.after(20);
            assertEquals("SERVER_ERROR Connection timed out\r\n", client.take());
            assertEquals(1, lane.count(ServerHalfCounter.SILENT_LOST));
            lane.reply(0, "END\r\nSTORED\r\nVALUE c 0 1\r\nc\r\nEND\r\n");
            assertEquals("VALUE c 0 1\r\nc\r\nEND\r\n", other.take(), "late replies are swallowed");
            assertEquals("", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldHoldNoMemoryForRequestsWithoutReply(LaneMode mode) {
        try (LaneHarness lane = pool(2).start(mode)) {
            FakeConnection client = lane.connect();
            String key = lane.keyOn(1);
            lane.send(client, "get " + lane.keyOn(0) + "\r\n"
                + ("set " + key + " 0 0 1 noreply\r\nx\r\n").repeat(1000));
            long before = lane.lane().client().state().account(0).bytes();
            lane.reply(1, "STORED\r\n".repeat(1000));
            assertEquals(before, lane.lane().client().state().account(0).bytes());
            lane.reply(0, "END\r\n");
            assertEquals("END\r\n", client.take());
            assertEquals(0, lane.lane().client().state().exchanges().inUse());
        }
    }
}
