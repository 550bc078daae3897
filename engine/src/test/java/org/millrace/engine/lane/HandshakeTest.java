package org.millrace.engine.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.millrace.engine.kit.Resp.request;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.FakeServer;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.kit.TakenMemory;
import org.millrace.engine.link.LinkOptions;
import org.millrace.io.CloseCause;

/** What the proxy says first on each link. */
@Tag("faults")
class HandshakeTest {
    @Test
    void shouldSayNothingUnlessAsked() {
        assertEquals(0, options(LaneSpec.lane()).handshakeReplies());
    }

    private static LinkOptions options(LaneSpec spec) {
        PoolConfig pool = spec.read().pools().getFirst();
        return LinkSetup.linkOptions(pool, pool.servers().getFirst());
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSayTheUserAndEachServersOwnPassword(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(2).pool("redis_auth", "secret").pool("redis_user", "app")
            .pool("server_auth", "\n    127.0.0.1:7001: other").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("AUTH", "app", "secret") + request("GET", lane.keyOn(0))
                + request("GET", lane.keyOn(1)));
            assertEquals("AUTH app secret", lane.server(0).requests().getFirst());
            assertEquals("AUTH app other", lane.server(1).requests().getFirst());
            lane.reply(0, "+OK\r\n+a\r\n");
            lane.reply(1, "+OK\r\n+b\r\n");
            assertEquals("+OK\r\n+a\r\n+b\r\n", client.take());
        }
    }

    @Test
    void shouldAuthenticateBeforeItSelects() {
        LinkOptions options = options(LaneSpec.lane().pool("redis_auth", "'päss'").pool("redis_db", 12)
            .pool("timeout", 250).pool("server_connections", 4).pool("server_max_queue", 9));
        byte[] bytes = new byte[options.handshake().capacity()];
        options.handshake().getBytes(0, bytes);
        assertEquals("*2\r\n$4\r\nAUTH\r\n$5\r\npäss\r\n*2\r\n$6\r\nSELECT\r\n$2\r\n12\r\n",
            new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(2, options.handshakeReplies());
        assertEquals(250_000_000, options.requestTimeoutNs());
        assertEquals(4, options.links());
        assertEquals(9, options.maxQueue());
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldComeBeforeAnyRequestOnEveryConnection(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("redis_auth", "secret").pool("redis_db", 3).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("AUTH", "secret") + request("GET", "a") + request("GET", "b"));
            lane.reply(0, "+OK\r\n");
            assertEquals(List.of("AUTH secret", "SELECT 3"), lane.server(0).requests(), "the rest waits for SELECT");
            lane.reply(0, "+OK\r\n");
            assertEquals(List.of("GET a", "GET b"), lane.server(0).requests());
            lane.reply(0, "+a\r\n+b\r\n");
            assertEquals("+OK\r\n+a\r\n+b\r\n", client.take());
            lane.server(0).link().end(CloseCause.PEER_CLOSED);
            lane.settle();
            lane.send(client, request("GET", "c"));
            assertEquals(List.of("AUTH secret", "SELECT 3"), lane.server(0).requests());
            lane.reply(0, "+OK\r\n+OK\r\n");
            assertEquals(List.of("GET c"), lane.server(0).requests());
            lane.reply(0, "+c\r\n");
            assertEquals("+c\r\n", client.take());
            assertEquals(3, lane.count(0, ServerCounter.REQUESTS), "the proxy's own are not counted");
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldTellWhenAServerRefusesIt(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("redis_auth", "secret").start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("AUTH", "secret") + request("GET", "a"));
            lane.reply(0, "-WRONGPASS bad\r\n-NOAUTH Authentication required.\r\n");
            assertEquals("+OK\r\n-NOAUTH Authentication required.\r\n", client.take());
            assertEquals(List.of("refused 0 -WRONGPASS bad"), lane.outside().events());
        }
    }

    /** Behind it, what is written would be in database 0. */
    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldSendNothingToAServerThatRefusesTheDatabase(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("redis_db", 3).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("SET", "a", "1") + request("GET", "a"));
            FakeConnection refusing = lane.server(0).link();
            lane.reply(0, "-ERR DB index is out of range\r\n");
            assertEquals(List.of("SELECT 3"), lane.server(0).requests());
            assertEquals("-ERR Connection refused\r\n".repeat(2), client.take());
            assertEquals(CloseCause.REFUSED, refusing.cause());
            assertEquals("refused 0 -ERR DB index is out of range", lane.outside().events().getFirst());
            assertEquals(1, lane.count(0, ServerCounter.SERVER_ERR));
            assertEquals(0, lane.count(0, ServerCounter.SERVER_CONNECTIONS));
            lane.send(client, request("SET", "a", "2"));
            assertEquals("-ERR Connection refused\r\n", client.take(), "while the link rests");
            lane.after(2_000);
            lane.send(client, request("SET", "a", "3"));
            lane.reply(0, "+OK\r\n");
            assertEquals("SET a 3", lane.server(0).requests().getLast());
            lane.reply(0, "+OK\r\n");
            assertEquals("+OK\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldLetAServerWithoutAPasswordForItTellEachClientSo(LaneMode mode) {
        String noAuth = "-NOAUTH Authentication required.\r\n";
        try (LaneHarness lane = LaneSpec.lane().pool("redis_db", 3).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a"));
            lane.reply(0, noAuth);
            assertEquals("GET a", lane.server(0).requests().getLast());
            lane.reply(0, noAuth);
            assertEquals(noAuth, client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldGiveUpAServerThatDoesNotAnswerTheHandshakeInTime(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("redis_db", 3).pool("timeout", 400).start(mode)) {
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a"));
            FakeConnection mute = lane.server(0).link();
            lane.after(500);
            assertEquals(CloseCause.TIMED_OUT, mute.cause());
            assertEquals("-ERR Connection timed out\r\n", client.take());
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldOpenTheLinksBeforeTheFirstRequest(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().servers(3).pool("preconnect", true).start(mode)) {
            lane.lane().server().preconnect(0, lane.nowNs());
            lane.settle();
            assertEquals(3, lane.count(ServerHalfCounter.LINKS_OPENED));
        }
    }

    @ParameterizedTest
    @EnumSource(LaneMode.class)
    void shouldCloseALinkThatHasNoMemoryForIt(LaneMode mode) {
        try (LaneHarness lane = LaneSpec.lane().pool("redis_db", 3).start(mode)) {
            lane.server(0).door(FakeServer.Door.SILENT);
            FakeConnection client = lane.connect();
            lane.send(client, request("GET", "a"));
            FakeConnection poor = lane.server(0).link();
            try (TakenMemory _ = TakenMemory.of(lane.serverTransport().arena())) {
                poor.stand();
                lane.turn();
            }
            lane.server(0).door(FakeServer.Door.OPEN);
            lane.settle();
            assertEquals(CloseCause.EXHAUSTED, poor.cause());
            lane.after(2_000);
            assertEquals(List.of("SELECT 3"), lane.server(0).requests());
            lane.reply(0, "+OK\r\n");
            assertEquals(List.of("GET a"), lane.server(0).requests());
            lane.reply(0, "+a\r\n");
            assertEquals("+a\r\n", client.take(), "no reply is taken for the handshake's");
        }
    }
}
