package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.message.MessagePool;

/** Large values pass through whole, and their bytes are not copied on the way. */
@ParameterizedClass
@EnumSource(LaneKind.class)
@Timeout(60)
class LargeValueTest {
    private static final int VALUE = 256 << 10;
    private static final int HEADERS_MAX = 1 << 10;
    private static final int ROUNDS = 50;
    private static ProxyKit kit;

    @Parameter
    LaneKind kind;

    @BeforeParameterizedClassInvocation
    static void start(LaneKind kind) throws IOException {
        kit = ProxyKit.with(kind).servers(2).start();
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        kit.close();
    }

    @AfterEach
    void leaveNothing() throws IOException {
        kit.assertQuiet();
    }

    @Test
    void shouldNotCopyTheBytesOfValues() throws IOException {
        byte[] value = random(VALUE);
        byte[] set = Resp.request(Resp.bytes("SET"), Resp.bytes("large"), value);
        byte[] expected = Resp.bulk(value);
        RawClient client = kit.client();
        long before = bytesCopied();
        for (int i = 0; i < ROUNDS; i++) {
            assertEquals("+OK\r\n", Resp.text(client.pipeline(set, 1).getFirst()));
            assertArrayEquals(expected, client.call(Resp.request("GET", "large")));
        }
        kit.assertQuiet();
        long perRequest = (bytesCopied() - before) / (2 * ROUNDS);
        assertTrue(perRequest < HEADERS_MAX, "copied " + perRequest + " bytes of each request and reply of " + VALUE);
    }

    @ParameterizedTest
    @ValueSource(ints = {16_382, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 10_000_000, 64 << 20})
    void shouldGiveBackWhatItGot(int length) throws IOException {
        RawClient client = kit.client();
        ExpectedReply value = ExpectedReply.ofValue(client, "v", length, length);
        assertEquals(value.text(), value.read(client, Resp.request("GET", "v"), 1 << 20, 0));
        client.expect(":" + length + "\r\n", "STRLEN", "v");
        client.expect(":1\r\n", "DEL", "v");
    }

    @Test
    void shouldMixLargeAndSmallInOnePipelineOfManyClients() throws IOException {
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            values.add(random(i % 2 == 0 ? 10 + i : 10_000 * i));
        }
        List<RawClient> clients = List.of(kit.client(), kit.client(), kit.client(), kit.client());
        List<CompletableFuture<Void>> sends = new ArrayList<>();
        for (int c = 0; c < clients.size(); c++) {
            List<byte[]> requests = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                byte[] key = Resp.bytes(c + ":" + i);
                requests.add(Resp.request(Resp.bytes("SET"), key, values.get(i)));
                requests.add(Resp.request(Resp.bytes("GET"), key));
            }
            sends.add(clients.get(c).sendAside(Resp.concat(requests.toArray(new byte[0][]))));
        }
        for (RawClient client : clients) {
            for (byte[] value : values) {
                assertEquals("+OK\r\n", Resp.text(client.reply()));
                assertArrayEquals(Resp.bulk(value), client.reply());
            }
        }
        sends.forEach(CompletableFuture::join);
    }

    @Test
    void shouldForgetClientsThatLeaveInTheMiddleOfAValue() throws IOException {
        for (int i = 0; i < 20; i++) {
            RawClient client = kit.client();
            client.send(Resp.bytes("*3\r\n$3\r\nSET\r\n$1\r\nv\r\n$1000000\r\n")).send(random(50_000 * i % 900_000));
            if (i % 2 == 0) {
                client.reset();
            } else {
                client.close();
            }
        }
        kit.client().expect("$-1\r\n", "GET", "v");
    }

    @Test
    void shouldForgetClientsThatLeaveInTheMiddleOfAReply() throws IOException {
        RawClient client = kit.client();
        byte[] set = Resp.request(Resp.bytes("SET"), Resp.bytes("v"), random(5_000_000));
        assertEquals("+OK\r\n", Resp.text(client.pipeline(set, 1).getFirst()));
        for (int i = 0; i < 10; i++) {
            RawClient leaving = kit.client();
            for (int j = 0; j < 5; j++) {
                leaving.send("GET", "v");
            }
            leaving.exactly(100_000 * i + 1);
            leaving.reset();
        }
        client.expect(":1\r\n", "DEL", "v");
    }

    private static long bytesCopied() {
        MessagePool clients = kit.lane().client().state().messages();
        MessagePool servers = kit.lane().server().state().messages();
        return clients.bytesCopied() + servers.bytesCopied();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
