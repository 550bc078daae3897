package org.millrace.perf.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.conf.CaptureConfig;
import org.millrace.conf.ConfigException;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.perf.server.FakeServer;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** The command line teaches, refuses what it does not understand and ends with the right code. */
@Timeout(60)
class PerfMainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help", "load --help", "check --help", "demo --help", "bench --help",
        "capture --help", "replay --help"})
    void shouldTeach(String line) {
        assertEquals(0, run(line));
        assertTrue(text(out).startsWith("Usage: millrace"), text(out));
        assertTrue(text(err).isEmpty());
    }

    @Test
    void shouldFailWhereABenchmarkAllocates() {
        String briefly = " -f 0 -wi 1 -w 20ms -i 1 -r 20ms -v SILENT";

        assertEquals(2, run("bench --check-allocation AllocatingBenchmark.allocating" + briefly));
        assertTrue(text(out).contains("size=16: 0.0"), text(out));
        assertEquals(1, run("bench --check-allocation --no-such-option"));
        assertTrue(text(err).contains("no-such-option"), text(err));
        assertEquals(1, run("bench --check-allocation NoSuchBenchmark"));
        assertTrue(text(err).contains("no benchmark has such a name"), text(err));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "serve | there is no command \"serve\"",
        "load fast | \"fast\" is not an option",
        "load --rat 5 | did you mean --rate?",
        "load --xyzzy 5 | --help shows all",
        "load --rate | --rate needs a value",
        "load --rate=abc | a rate such as 2000/s",
        "load --rate 0 | a rate such as 2000/s",
        "load --duration 10x | a time such as 10s",
        "load --spin=1 | takes no value",
        "load --seed 1 --seed 2 | given twice",
        "load --seed x | a whole number",
        "load --transport pigeon | auto, io_uring or nio",
        "load --connections 0 | a whole number from 1",
        "load --connections 1.5 | a whole number from 1",
        "load --connections 2 --threads 3 | connections must be",
        "load --value-size 10..5 | a whole number from 10",
        "load --value-size 1x | a whole number",
        "load --mix fly=1 | no command \"fly\"",
        "load --mix get=0 | the weight must be",
        "load --mix get,delete | no command \"delete\" for a mix of redis",
        "load --protocol http | --protocol: http: redis or memcached is needed",
        "load --protocol memcached --mix del | no command \"del\" for a mix of memcached",
        "load --key-distribution normal | --key-distribution: normal: uniform, zipf",
        "load --ramp 1x | a time such as 10s",
        "load --requests 1 --hlog /no/such/folder/file | /no/such/folder/file",
        "load --hit-ratio 1.1 | a number from 0.0 to 1.0",
        "load --value-size exp | a whole number from 0",
        "load --value-size exp:0 | a whole number from 1",
        "load --value-size lognormal:1k | sizes such as 1k",
        "load --value-size lognormal:1k:x | sizes such as 1k",
        "load --value-size 100=0 | a whole number from 1",
        "load --target nowhere | host:port is needed",
        "load --target 127.0.0.1:99999 | host:port is needed",
        "check --skip fly | no command \"fly\"",
        "check --pipeline 0 | a whole number from 1",
        "capture -c x.yml --sample 2 | --sample goes with --to DIR",
        "capture --to /tmp/x --max-size 1k | a whole number from 1048576",
        "capture --to | --to needs a value",
        "demo --lanes many | a whole number from 1",
        "demo --port 70000 | a whole number from 1 to 65535",
        "demo --redis-server /no/such/program | no such program"})
    void shouldRefuseWithAClearMessage(String line, String message) {
        assertEquals(1, run(line));
        assertTrue(text(err).contains(message), text(err));
    }

    @Test
    void shouldRefuseAProtocolThatChaosDoesNotKnow() {
        assertEquals(2, run("chaos --protocol http"));
        assertTrue(text(err).contains("--protocol http: redis, memcached or both is needed"), text(err));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "replay --from x | --target is missing",
        "replay --from /no/such/folder --target 1 | there is no /no/such/folder",
        "replay --from . --target 1 | there is no capture in .",
        "replay --from . --target 1 --speed 0 | a number from",
        "replay --from . --target 1 --order time | key or connection"})
    void shouldRefuseAReplayThatCannotStart(String line, String message) {
        assertEquals(2, run(line));
        assertTrue(text(err).contains(message), text(err));
    }

    @Test
    void shouldCapturePoolsByTheirNames() {
        MillraceConfig config = ConfigReader.read("x.yml", """
            alpha:
              listen: 127.0.0.1:22121
              servers:
                - 127.0.0.1:11211:1
            beta:
              listen: 127.0.0.1:22122
              servers:
                - 127.0.0.1:11211:1
            """);
        List<Option> options = new CaptureCommandLine().options();
        MillraceConfig changed = CaptureCommandLine.overlay(Arguments.parse(options, List.of("--to", "/x", "--pool",
            "beta", "--redact", "--max-size", "2g", "--max-age", "90s", "--sample=7"))).apply(config);
        assertEquals(List.of(true, false), changed.pools().stream().map(PoolConfig::captured).toList());
        assertEquals(new CaptureConfig("/x", 2L << 30, 90, 64 << 20, 7, true, 4 << 20), changed.engine().capture());
        assertEquals(config, CaptureCommandLine.overlay(Arguments.parse(options, List.of())).apply(config));
        assertTrue(assertThrows(ConfigException.class, () -> CaptureCommandLine.overlay(Arguments.parse(options,
            List.of("--to", "/x", "--pool", "gamma"))).apply(config)).getMessage()
            .contains("there is no such pool; there are: beta, alpha"));
    }

    @Test
    void shouldRefuseAnEmptyLine() {
        assertEquals(1, run(""));
    }

    @ParameterizedTest
    @CsvSource({"10s,10000000000", "500ms,500000000", "1.5s,1500000000", "2m,120000000000", "3,3000000000",
        "20us,20000"})
    void shouldReadDurations(String text, long expectedNs) {
        assertEquals(expectedNs, Quantities.durationNs("duration", text));
    }

    @Test
    void shouldReadAmounts() {
        assertEquals(16_384, Quantities.amount("size", "16k", true, 0, 1 << 20));
        assertEquals(10_000_000, Quantities.amount("requests", "10m", false, 1, 1L << 40));
        assertEquals(2500, Quantities.perSecond("rate", "2.5k/s"));
        assertThrows(UsageException.class, () -> Quantities.amount("size", "1m", true, 0, 1000));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1k | 1024", "16..16k | 16..16384", "100=80,1k..4k=20 | 100=80,1024..4096=20",
        "5,6 | 5=1,6=1", "exp:1k | exp:1024", "lognormal:300:1.5 | lognormal:300:1.5"})
    void shouldReadSizes(String text, String expected) {
        assertEquals(expected, ValueSizeOption.parse(text).toString());
    }

    @Test
    void shouldReadAddresses() {
        List<Option> options = List.of(new Option("target", "HOST:PORT", ""));
        assertEquals(6379, Arguments.parse(options, List.of("--target", "6379")).address("target", "").getPort());
        assertEquals("0:0:0:0:0:0:0:1",
            Arguments.parse(options, List.of("--target=[::1]:1")).address("target", "").getHostString());
    }

    @Test
    void shouldEndWithZeroWhenAllIsWell(@TempDir Path directory) throws IOException {
        Path json = directory.resolve("result.json");
        try (LocalRedis redis = LocalRedis.start()) {
            assertEquals(0, run("load --target " + redis.port() + " --requests 2k --connections 5 --json " + json));
            assertTrue(text(out).contains("2,000 requests"), text(out));
            assertTrue(Files.readString(json).contains("\"failed\": 0"));
            assertEquals(0, run("check --target " + redis.port() + " --requests 2k --connections 5"));
            assertTrue(text(out).contains("0 wrong"), text(out));
        }
    }

    @Test
    void shouldEndWithTwoWhenARequestFails() throws IOException {
        try (FakeServer fake = FakeServer.start((number, request) -> "+LIE\r\n")) {
            String target = " --connections 1 --requests 50 --target " + fake.address().getPort();
            assertEquals(2, run("load" + target));
            assertTrue(text(out).contains("50 wrong replies"), text(out));
            assertEquals(2, run("check" + target));
        }
    }

    @Test
    void shouldEndWithOneWhenNobodyListens() throws IOException {
        assertEquals(1, run("load --target " + FreePort.find()));
        assertTrue(text(err).contains("cannot connect"), text(err));
    }

    @Test
    void shouldNameThePortThatIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertEquals(1, run("demo --port " + taken.getLocalPort()));
            assertTrue(text(err).contains("port " + taken.getLocalPort()), text(err));
            assertTrue(text(err).contains("--port"), text(err));
        }
    }

    @Test
    void shouldGiveBenchmarksTheFlagsOfTheEngine() {
        String[] args = BenchCommandLine.withFlags(List.of("Framer", "-f", "1"));
        assertEquals("Framer", args[0]);
        assertEquals("-jvmArgsPrepend", args[3]);
        assertTrue(args[4].contains("--add-exports"));
        assertEquals(2, BenchCommandLine.withFlags(List.of("-jvmArgsPrepend", "-Xmx1g")).length);
    }

    private int run(String line) {
        return PerfMain.run(line.isEmpty() ? List.of() : List.of(line.trim().split(" +")),
            new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
            new GracefulExit());
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
