package org.millrace.engine.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.io.CloseCause;

/** Requests that go to every server of a pool. */
class BroadcastTest {
    private static final int SERVERS = 3;

    private static void answer(LaneHarness lane, String... replies) {
        for (int i = 0; i < SERVERS; i++) {
            lane.reply(i, replies[i]);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAskEveryServerAndAnswerOnce(LaneMode mode) {
        try (LaneHarness lane = RequestsTest.pool(SERVERS).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "flush_all 10\r\nverbosity 1 noreply\r\nmn\r\n");
            for (int i = 0; i < SERVERS; i++) {
                assertEquals("flush_all 10\r\nverbosity 1        \r\n", lane.server(i).link().take());
            }
            answer(lane, "OK\r\n", "OK\r\n", "OK\r\nOK\r\n");
            assertEquals("OK\r\n", client.take());
            lane.reply(0, "OK\r\n");
            lane.reply(1, "ERROR\r\n");
            assertEquals("MN\r\n", client.take(), "noreply means nothing of any server");
            lane.send(client, "flush_all\r\n");
            answer(lane, "OK\r\n", "CLIENT_ERROR flush_all not allowed\r\n", "ERROR\r\n");
            assertEquals("CLIENT_ERROR flush_all not allowed\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTellThatAServerFailed(LaneMode mode) {
        try (LaneHarness lane = RequestsTest.pool(SERVERS).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "flush_all\r\nflush_all noreply\r\nmn\r\n");
            lane.reply(0, "OK\r\nOK\r\n");
            lane.reply(2, "OK\r\nOK\r\n");
            lane.server(1).link().end(CloseCause.RESET);
            lane.settle();
            assertEquals("SERVER_ERROR Connection reset by peer\r\nMN\r\n", client.take());
            assertEquals(1, lane.count(ServerHalfCounter.SILENT_LOST), "the part of the second");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldPutStatisticsTogether(LaneMode mode) {
        try (LaneHarness lane = RequestsTest.pool(SERVERS).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "stats\r\n");
            answer(lane,
                "STAT pid 1\r\nSTAT uptime 5\r\nSTAT version 1.6.18\r\nSTAT rusage_user 0.25\r\nSTAT curr_items 3\r\n"
                + "STAT limit_maxbytes 18446744073709551615\r\nEND\r\n",
                "STAT pid 2\r\nSTAT uptime 9\r\nSTAT version 1.6.9\r\nSTAT rusage_user 1.000005\r\n"
                + "STAT curr_items 4\r\nSTAT limit_maxbytes 1\r\nSTAT only_here 7\r\nEND\r\n",
                "STAT pid 3\r\nSTAT uptime 7\r\nSTAT curr_items 10\r\nEND\r\n");
            assertEquals("STAT pid 1\r\nSTAT uptime 9\r\nSTAT version 1.6.18\r\nSTAT rusage_user 1.250005\r\n"
                + "STAT curr_items 17\r\nSTAT limit_maxbytes 18446744073709551616\r\nSTAT only_here 7\r\nEND\r\n",
                client.take());
            lane.send(client, "stats settings\r\n");
            answer(lane, "STAT maxbytes 64\r\nSTAT maxconns 10\r\nEND\r\n", "STAT maxbytes 64\r\nSTAT maxconns 10\r\n"
                + "END\r\n", "STAT maxbytes 65\r\nSTAT maxconns 10\r\nEND\r\n");
            assertEquals("STAT maxbytes 64\r\nSTAT maxconns 10\r\nEND\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTakeWhateverStatsAnswers(LaneMode mode) {
        try (LaneHarness lane = RequestsTest.pool(SERVERS).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "stats reset\r\nstats items\r\nstats detail dump\r\nstats nonsense\r\nstats conns\r\n");
            answer(lane, "RESET\r\nEND\r\nPREFIX a get 1\r\nEND\r\nERROR\r\nSTAT 9:addr a\r\nSTAT 9:state x\r\nEND\r\n",
                "RESET\r\nSTAT items:1:number 2\r\nSTAT items:1:age 5\r\nEND\r\nEND\r\nERROR\r\nEND\r\n",
                "RESET\r\nSTAT items:1:number 3\r\nSTAT items:1:age 4\r\nEND\r\nPREFIX b get 2\r\nEND\r\nERROR\r\n"
                + "STAT 9:addr b\r\nEND\r\n");
            assertEquals("RESET\r\nSTAT items:1:number 5\r\nSTAT items:1:age 5\r\nEND\r\nPREFIX a get 1\r\n"
                + "PREFIX b get 2\r\nEND\r\nERROR\r\nSTAT 9:addr a\r\nSTAT 9:state x\r\nSTAT 9:addr b\r\nEND\r\n",
                client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldMakeNoStatisticsOfTooManyLines(LaneMode mode) {
        try (LaneHarness lane = RequestsTest.pool(SERVERS).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "stats cachedump 1 0\r\n");
            String reply = "ITEM k [1 b; 0 s]\r\n".repeat(StatsMerge.LINES_MAX / 2) + "END\r\n";
            answer(lane, reply, reply, "ITEM k [1 b; 0 s]\r\nEND\r\n");
            String got = client.take();
            assertTrue(got.startsWith("SERVER_ERROR more than 65536 lines"), () -> got.substring(0, 99));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldAskNoServerForWhatTheProxyKnows(LaneMode mode) {
        try (LaneHarness lane = RequestsTest.pool(SERVERS).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "stats proxy\r\n");
            assertEquals(1, lane.outside().infoQuestions().size());
            lane.outside().busy();
            lane.send(client, "stats  proxy \r\nversion\r\n");
            assertEquals(0, lane.server(0).attempts());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldForwardToAnOnlyServerAsItIs(LaneMode mode) {
        try (LaneHarness lane = RequestsTest.pool(1).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, "stats\r\n");
            assertEquals("stats\r\n", lane.server(0).link().take());
            lane.reply(0, "STAT pid 1\r\nEND\r\n");
            assertEquals("STAT pid 1\r\nEND\r\n", client.take());
        }
    }
}
