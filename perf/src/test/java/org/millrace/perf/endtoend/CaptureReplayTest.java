package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.conf.CaptureConfig;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.perf.load.LoadConfig;
import org.millrace.perf.load.LoadGenerator;
import org.millrace.perf.load.LoadListener;
import org.millrace.perf.load.LoadProtocol;
import org.millrace.perf.load.LoadResult;
import org.millrace.perf.load.Mix;
import org.millrace.perf.load.ValueSizes;
import org.millrace.perf.replay.Login;
import org.millrace.perf.replay.Replay;
import org.millrace.perf.replay.ReplayConfig;
import org.millrace.perf.replay.ReplayResult;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalMemcached;
import org.millrace.perf.server.LocalRedis;

/** What is captured of a run is asked again elsewhere: the same data give the same replies, other data are told. */
@Timeout(120)
@Tag("alone")
class CaptureReplayTest {
    private static final int REQUESTS = 10_000;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final String MIX = "get=40,set=20,getset=5,mget=5,mset=5,del=5,exists=5,incr=10,hset=3,hget=2";

    @TempDir
    private Path folder;

    private ProxyKit.Builder captured(LaneKind kind) {
        return ProxyKit.with(kind).engine("lanes", "1").pool("capture", "true")
            .engine("capture", "{dir: " + folder + ", ring: 64mb}");
    }

    private static LoadResult load(LoadConfig config) throws Exception {
        LoadResult result = new LoadGenerator(config.connections(12).pipeline(4).keys(300).requests(REQUESTS)
            .durationNs(0)).run(LoadListener.NONE);
        assertTrue(result.isClean(), result.texts()::toString);
        return result;
    }

    private ReplayResult replay(InetSocketAddress target) throws IOException {
        return new Replay(new ReplayConfig(folder, target, 0, true, 10, TimeUnit.SECONDS.toNanos(10), 1024,
            null), (share, soFar) -> { }).run();
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldGetTheSameRepliesFromAFreshCopyAndTellAValueThatDiffers(LaneKind kind) throws Exception {
        try (ProxyKit kit = captured(kind).start()) {
            LoadResult load = load(new LoadConfig().target(new InetSocketAddress("127.0.0.1", kit.port()))
                .mix(Mix.parse(MIX)).valueSizes(ValueSizes.range(16, 4_000)));
            assertEquals(0, kit.millrace().totals().clients(ClientHalfCounter.CAPTURE_DROPPED));
            kit.client().expect("$-1\r\n", "GET", "only-there");
            kit.assertQuiet();
            assertTrue(load.sent() >= REQUESTS);
        }
        try (LocalRedis redis = LocalRedis.start()) {
            ReplayResult result = replay(redis.address());
            assertEquals(List.of(), result.differences());
            assertTrue(result.isSame());
            assertEquals(result.sent(), result.same());
            assertTrue(result.sent() > REQUESTS, result.sent() + " requests");
            assertEquals(0, result.damaged());
            redis.call("FLUSHALL");
            redis.call("SET", "only-there", "another");
            result = replay(redis.address());
            assertFalse(result.isSame());
            assertEquals(1, result.differing());
            assertEquals("get only-there: $-1, now $7 another", result.differences().stream().map(each ->
                each.command() + ' ' + each.key() + ": " + each.before() + ", now " + each.now()).findFirst().get());
        }
    }

    @Test
    void shouldReplayAtTheRecordedTimes() throws Exception {
        long firstReadNs = 0;
        long lastSentNs = 0;
        try (ProxyKit kit = captured(LaneKind.FUSED).start(); RawClient client = new RawClient(kit.port())) {
            for (int i = 0; i < 3; i++) {
                lastSentNs = System.nanoTime();
                client.expect("+PONG\r\n", "PING");
                firstReadNs = i == 0 ? System.nanoTime() : firstReadNs;
                long untilNs = lastSentNs + PAUSE_NS;
                Await.until(() -> "time stands still", Duration.ofSeconds(5), () -> System.nanoTime() > untilNs);
            }
        }
        try (LocalRedis redis = LocalRedis.start()) {
            long startNs = System.nanoTime();
            ReplayConfig config = new ReplayConfig(folder, redis.address(), 1, true, 10, TimeUnit.SECONDS.toNanos(10),
                16, null);
            assertTrue(new Replay(config, (share, soFar) -> { }).run().isSame());
            // What ended a lane's wait is not dated back to when that began, which would take a whole pause away. The
            // proxy read the first request before its reply was here and the last one after it was sent, however late
            // either of them was served; half a pause is for a turn that lost its processor after it read the clock.
            long tookNs = System.nanoTime() - startNs;
            long leastNs = lastSentNs - firstReadNs - PAUSE_NS / 2;
            assertTrue(tookNs >= leastNs, tookNs + " ns, expected no less than " + leastNs);
        }
    }

    @Test
    void shouldLogInAtATargetThatWantsIt() throws Exception {
        try (ProxyKit kit = captured(LaneKind.FUSED).start(); RawClient client = new RawClient(kit.port())) {
            client.expect("+OK\r\n", "SET", "k", "value");
            client.expect("$5\r\nvalue\r\n", "GET", "k");
        }
        try (LocalRedis redis = LocalRedis.start()) {
            redis.call("CONFIG", "SET", "requirepass", "a secret");
            assertEquals("the target wants a login: give it one by --auth FILE", refusal(redis, null));
            Login wrong = Login.read(Files.writeString(folder.resolve("wrong"), "another secret\n"));
            String refusal = refusal(redis, wrong);
            assertTrue(refusal.startsWith("the target refuses the login: -WRONGPASS"), refusal);
            assertFalse(refusal.contains("secret"), refusal);

            for (String lines : List.of("a secret\n", "default\na secret")) {
                ReplayResult result = replay(redis, Login.read(Files.writeString(folder.resolve("right"), lines)));
                assertTrue(result.isSame(), result.differences()::toString);
                assertEquals(2, result.sent());
            }
        }
        Path nothing = Files.writeString(folder.resolve("x"), "");
        IOException empty = assertThrows(IOException.class, () -> Login.read(nothing));
        assertTrue(empty.getMessage().endsWith("must hold one line, the password, or two, the user and the password"));
    }

    private String refusal(LocalRedis redis, Login login) {
        return assertThrows(IOException.class, () -> replay(redis, login)).getMessage();
    }

    private ReplayResult replay(LocalRedis redis, Login login) throws IOException {
        return new Replay(new ReplayConfig(folder, redis.address(), 0, true, 10, TimeUnit.SECONDS.toNanos(10), 16,
            login), (share, soFar) -> { }).run();
    }

    @Test
    void shouldReplayMemcachedWithWhatIsNotAnswered() throws Exception {
        int port = FreePort.find();
        try (LocalMemcached memcached = LocalMemcached.start(); Millrace millrace = Millrace.start(config(port,
            memcached.port()), new StartOptions("127.0.0.1", 0))) {
            load(new LoadConfig().protocol(LoadProtocol.parse("memcached"))
                .target(new InetSocketAddress("127.0.0.1", port))
                .mix(Mix.parse(LoadProtocol.parse("memcached"), "get=40,set=20,add=5,replace=5,delete=10,touch=5,mg=5,"
                    + "ms=5,md=5,count=5")));
            try (RawClient client = new RawClient(port)) {
                talk(client, "set quiet 0 0 1 noreply\r\nx\r\nget quiet\r\nmg nothing v q\r\nmn\r\n",
                    "VALUE quiet 0 1\r\nx\r\nEND\r\nMN\r\n");
            }
            assertTrue(millrace.stop());
        }
        try (LocalMemcached fresh = LocalMemcached.start()) {
            ReplayResult result = replay(fresh.address());
            assertEquals(List.of(), result.differences());
            assertTrue(result.isSame() && result.sent() > REQUESTS);
        }
        try (LocalMemcached other = LocalMemcached.start(); RawClient client = new RawClient(other.port())) {
            talk(client, "set nothing 0 0 1\r\ny\r\n", "STORED\r\n");
            ReplayResult result = replay(other.address());
            assertEquals(1, result.differing());
            assertEquals("mg nothing", result.differences().getFirst().command() + ' '
                + result.differences().getFirst().key());
            assertEquals("VA 1 y", result.differences().getFirst().now());
        }
    }

    private static void talk(RawClient client, String lines, String reply) throws IOException {
        client.send(lines.getBytes(StandardCharsets.US_ASCII));
        client.expectBytes(reply.getBytes(StandardCharsets.US_ASCII));
    }

    private MillraceConfig config(int port, int server) {
        return ConfigReader.read("test.yml", "test:\n  listen: 127.0.0.1:" + port + "\n  capture: true\n  servers:\n"
            + "    - 127.0.0.1:" + server + ":1\nmillrace:\n  lanes: 1\n  capture: {dir: " + folder
            + ", ring: 64mb}\n");
    }

    @Test
    void shouldSwitchOnOverAndOffWhileItServes() throws Exception {
        Path other = folder.resolve("other");
        try (ProxyKit kit = ProxyKit.with(LaneKind.FUSED).start(); RawClient client = new RawClient(kit.port())) {
            ask(client, "before");
            MillraceConfig off = kit.config();
            List<String> changes = kit.millrace().reload(on(off, folder.resolve("first"), false));
            assertTrue(changes.contains("millrace.capture.dir is " + folder.resolve("first") + ", was none"),
                changes.toString());
            assertTrue(changes.contains("pool test: capture is true, was false"), changes.toString());
            ask(client, "first");
            changes = kit.millrace().reload(on(off, other, true));
            assertTrue(changes.stream().anyMatch(line -> line.startsWith("captured 1 requests in 4 records")),
                changes.toString());
            ask(client, "second");
            changes = kit.millrace().reload(off);
            assertTrue(changes.stream().anyMatch(line -> line.startsWith("captured 1 requests")), changes.toString());
            ask(client, "after");
            assertTrue(kit.log().contains("values overwritten, to " + other), kit.log());
        }
        assertEquals("first", held(folder.resolve("first")));
        assertEquals("xxxxxx", held(other), "values are overwritten");
    }

    private static MillraceConfig on(MillraceConfig config, Path dir, boolean redact) {
        return new MillraceConfig(config.file(), config.engine().withCapture(new CaptureConfig(dir.toString(), 1 << 20,
            0, 256 << 10, 1, redact, 1 << 20)), List.of(config.pools().getFirst().withCaptured(true)));
    }

    private static void ask(RawClient client, String value) throws IOException {
        client.expect("+OK\r\n", "SET", "k", value);
    }

    /** The value of the only SET that is in the only file of a folder. */
    private static String held(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            String bytes = new String(Files.readAllBytes(files.findFirst().get()), StandardCharsets.ISO_8859_1);
            int at = bytes.indexOf("$1\r\nk\r\n$");
            assertEquals(at, bytes.lastIndexOf("$1\r\nk\r\n$"), "one request");
            return bytes.substring(bytes.indexOf("\r\n", at + 8) + 2).split("\r\n", 2)[0];
        }
    }

    @Test
    void shouldRefuseAReloadThatCannotBeCapturedAndChangeNothing() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        try (ProxyKit kit = ProxyKit.with(LaneKind.FUSED).start(); RawClient client = new RawClient(kit.port())) {
            IOException refused = assertThrows(IOException.class,
                () -> kit.millrace().reload(on(kit.config(), file.resolve("x"), false)));
            assertTrue(refused.getMessage().startsWith("cannot capture to "), refused.getMessage());
            ask(client, "served");
        }
    }
}
