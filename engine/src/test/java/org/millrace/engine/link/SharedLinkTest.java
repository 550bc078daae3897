package org.millrace.engine.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.request;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.count.LinkGauge;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.FakeServer.Door;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.Resp;
import org.millrace.engine.share.Crossing;
import org.millrace.io.CloseCause;

/** A link that two lanes share, each with clients of its own. */
@Tag("faults")
class SharedLinkTest {
    private static Link link(LaneHarness lane) {
        return lane.lane().server().links()[0][0].links()[0];
    }

    private static Link lent(LaneHarness lane) {
        return lane.owner().server().links()[0][0].links()[0];
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSendRequestsOfBothLanesOnOneLinkAndGiveEachItsReply(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().borrowing().start(mode)) {
            FakeConnection borrower = lane.connect();
            FakeConnection owner = lane.connectToOwner();
            for (int i = 0; i < 50; i++) {
                lane.send(borrower, request("GET", "b" + i));
                lane.send(owner, request("GET", "o" + i));
            }
            assertEquals(1, lane.server(0).attempts());
            assertEquals(1, lane.count(0, ServerCounter.SERVER_CONNECTIONS));
            List<String> requests = lane.server(0).requests();
            assertEquals(100, requests.size());
            StringBuilder replies = new StringBuilder();
            requests.forEach(each -> replies.append("+").append(each).append("\r\n"));
            lane.reply(0, replies.toString());
            for (int i = 0; i < 50; i++) {
                assertEquals("+GET b" + i, Resp.replies(borrowed(borrower, i)).get(i).strip());
            }
            assertEquals(50, lane.count(ServerHalfCounter.SHARED_REQUESTS));
            assertEquals(100, lane.count(0, ServerCounter.REQUESTS));
            assertEquals(100, lane.count(0, ServerCounter.RESPONSES));
            assertTrue(lane.count(ServerHalfCounter.SHARED_BYTES) > 50 * 20);
            lane.after(5);
            assertEquals(1, link(lane).gauges().get(LinkGauge.BORROWED));
            assertEquals(1, lent(lane).gauges().get(LinkGauge.GUESTS));
        }
    }

    private final StringBuilder got = new StringBuilder();

    private String borrowed(FakeConnection client, int look) {
        if (look == 0) {
            got.setLength(0);
            got.append(client.take());
        }
        return got.toString();
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldParkWhatTheFullRingDoesNotTakeAndKeepTheOrder(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().borrowing().pool("server_max_unsent", "8kb").start(mode)) {
            FakeConnection client = lane.connect();
            FakeConnection other = lane.connect();
            lane.send(client, request("GET", "first"));
            lane.server(0).link().allow(0);
            lane.settle();
            lane.server(0).requests();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String value = i + Resp.value(1000);
                expected.add("SET k" + i + " " + value);
                client.deliver(request("SET", "k" + i, value));
            }
            lane.settle();
            assertTrue(lane.count(ServerHalfCounter.SHARED_RING_FULL) > 0);
            assertTrue(link(lane).parkedCount() > 0, "what finds no room waits with bytes of its own");
            assertTrue(client.isReadPaused());
            assertEquals(0, lane.lane().rings().occupied());
            lane.send(other, request("PING"));
            assertEquals("+PONG\r\n", other.take(), "others go on");
            lane.server(0).link().allow(Long.MAX_VALUE);
            lane.settle();
            assertEquals(expected, lane.server(0).requests());
            lane.reply(0, "+first\r\n" + "+OK\r\n".repeat(200));
            assertEquals("+first\r\n" + "+OK\r\n".repeat(200), client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldKeepRequestsOfOthersOutOfALargeOne(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().borrowing().start(mode)) {
            FakeConnection borrower = lane.connect();
            FakeConnection owner = lane.connectToOwner();
            lane.send(owner, request("GET", "first"));
            lane.send(borrower, request("GET", "second"));
            lane.server(0).link().allow(0);
            lane.settle();
            lane.server(0).requests();
            // far more than the ring takes at once, so that the link is in the middle of it for several turns
            String value = Resp.value(700_000);
            borrower.deliver(request("SET", "large", value));
            lane.turn();
            lane.turn();
            lane.turn();
            lane.send(owner, request("GET", "third"));
            lane.server(0).link().allow(Long.MAX_VALUE);
            lane.settle();
            assertEquals(List.of("SET large " + value, "GET third"), lane.server(0).requests());
            lane.reply(0, "+first\r\n+second\r\n+OK\r\n+third\r\n");
            assertEquals("+second\r\n+OK\r\n", borrower.take());
            assertEquals("+first\r\n+third\r\n", owner.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldLetNeitherLaneWaitForAllOfTheOther(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().borrowing().pool("server_max_queue", 1).start(mode)) {
            List<FakeConnection> borrowers = new ArrayList<>();
            List<FakeConnection> owners = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                owners.add(lane.connectToOwner());
                lane.send(owners.get(i), request("GET", "o" + i));
            }
            for (int i = 0; i < 5; i++) {
                borrowers.add(lane.connect());
                lane.send(borrowers.get(i), request("GET", "b" + i));
            }
            int answeredOwners = 0;
            for (int turn = 0; turn < 12; turn++) {
                answeredOwners += lane.server(0).requests().getFirst().startsWith("GET o") ? 1 : 0;
                lane.reply(0, "+r\r\n");
            }
            assertTrue(answeredOwners >= 5 && answeredOwners < 11, answeredOwners + " of 12 were the owner's");
            for (int rest = 0; rest < 33; rest++) {
                assertEquals(1, lane.server(0).requests().size());
                lane.reply(0, "+r\r\n");
            }
            owners.forEach(each -> assertEquals("+r\r\n", each.take()));
            borrowers.forEach(each -> assertEquals("+r\r\n", each.take()));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldNotReadTheLinkOnWhileTheBorrowerTakesNoReplies(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().borrowing().pool("server_max_unsent", "8kb").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a").repeat(100));
            String reply = Resp.bulk(Resp.value(5_000));
            // the borrower's thread is elsewhere
            for (int i = 0; i < 100; i++) {
                lane.server(0).reply(reply);
                lane.ownerTurn();
            }
            assertTrue(lane.server(0).link().isReadPaused());
            assertTrue(lane.server(0).link().unread() > 10);
            assertTrue(lane.count(ServerHalfCounter.SHARED_RING_FULL) > 0);
            lane.settle();
            assertEquals(reply.repeat(100), client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCarryALargeReplyInParts(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().borrowing().start(mode)) {
            FakeConnection client = lane.connect();
            String value = Resp.bulk(Resp.value(3_000_000));
            lane.send(client, request("GET", "a"));
            lane.send(client, request("GET", "b"));
            lane.server(0).link().deliverInPieces(value + "+b\r\n", 100_000);
            lane.settle();
            assertEquals(value + "+b\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTellTheBorrowerWhyTheLinkHasEnded(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().borrowing().start(mode)) {
            FakeConnection borrower = lane.connect();
            FakeConnection owner = lane.connectToOwner();
            lane.send(borrower, request("GET", "a") + request("GET", "b"));
            lane.send(owner, request("GET", "c"));
            lane.server(0).door(Door.SHUT);
            lane.reply(0, "+a\r\n");
            assertEquals("+a\r\n", borrower.take());
            lane.server(0).link().end(CloseCause.RESET);
            lane.settle();
            String reset = "-ERR Connection reset by peer\r\n";
            assertEquals(reset, owner.take());
            assertEquals(reset, borrower.take());
            lane.send(borrower, request("GET", "d"));
            assertEquals("-ERR Connection refused\r\n", borrower.take());
            int attempts = lane.server(0).attempts();
            lane.send(borrower, request("GET", "e"));
            assertEquals("-ERR Connection refused\r\n", borrower.take());
            assertEquals(attempts, lane.server(0).attempts(), "the pause of the owner holds for the borrower, too");
            lane.server(0).door(Door.OPEN);
            lane.after(10_000);
            lane.send(borrower, request("GET", "f"));
            lane.reply(0, "+f\r\n");
            assertEquals("+f\r\n", borrower.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSayTheHandshakeOnce(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().borrowing().pool("redis_db", 2).start(mode)) {
            FakeConnection borrower = lane.connect();
            lane.send(borrower, request("GET", "a"));
            assertEquals(List.of("SELECT 2"), lane.server(0).requests());
            lane.reply(0, "+OK\r\n");
            assertEquals(List.of("GET a"), lane.server(0).requests());
            lane.reply(0, "+a\r\n");
            assertEquals("+a\r\n", borrower.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSwallowTheRepliesOfABorrowerThatHasLeft(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().borrowing().pool("timeout", 1000).limit("link_silence_ms", 1_000_000)
            .start(mode)) {
            FakeConnection borrower = lane.connect();
            FakeConnection owner = lane.connectToOwner();
            lane.send(borrower, request("GET", "before"));
            lane.reply(0, "+before\r\n");
            assertEquals("+before\r\n", borrower.take());
            lane.send(owner, request("GET", "o"));
            lane.send(borrower, request("GET", "a"));
            // an exception in the borrower's lane ends its side alone
            link(lane).fault();
            lane.settle();
            assertEquals("-ERR unknown\r\n", borrower.take());
            lane.send(borrower, request("GET", "b"));
            lane.reply(0, "+o\r\n+late\r\n");
            assertEquals("+o\r\n", owner.take());
            lane.reply(0, "+b\r\n");
            assertEquals("+b\r\n", borrower.take());
            assertEquals(1, lane.server(0).attempts());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldHoldNoMoreMemoryForACrossingThanIsSaid(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().borrowing().start(mode)) {
            FakeConnection client = lane.connect();
            long before = lane.serverTransport().arena().bytesInUse();
            lane.send(client, request("GET", "a"));
            lane.reply(0, "+a\r\n");
            assertEquals("+a\r\n", client.take());
            assertEquals(Crossing.MEMORY_BYTES, lane.serverTransport().arena().bytesInUse() - before);
        }
    }
}
