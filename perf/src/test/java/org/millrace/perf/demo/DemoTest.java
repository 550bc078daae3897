package org.millrace.perf.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.perf.check.CheckConfig;
import org.millrace.perf.check.CheckResult;
import org.millrace.perf.check.OrderChecker;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** The demo's servers, proxy and load work together and are gone at its end. */
@Timeout(120)
class DemoTest {
    @Test
    void shouldRunWithoutAFailedRequestAndLeaveNothingBehind() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        DemoOptions options = options(TimeUnit.SECONDS.toNanos(2), 0);
        boolean clean = new Demo(options, out).run();
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(clean, text);
        assertTrue(text.contains("redis-cli -p " + options.port()), text);
        assertTrue(text.contains("http://127.0.0.1:" + options.adminPort() + "/"), text);
        assertTrue(text.contains("requests/s  errors 0  p50"), text);
        assertEquals(4, Pattern.compile("redis[1-4] on port \\d+: [\\d,]+ keys").matcher(text).results().count(), text);
        assertFalse(ProcessHandle.current().children().anyMatch(DemoTest::isRedis), "servers are stopped");
    }

    @Test
    void shouldEndEarlyWhenAsked() throws Exception {
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        Demo demo = new Demo(options(0, 0), out);
        demo.requestStop();
        assertTrue(demo.run());
    }

    @Test
    void shouldKeepTheOrderOfEveryClient() throws Exception {
        List<LocalRedis> servers = LocalRedis.startAll(4);
        DemoOptions options = options(0, 2);
        try (DemoProxy _ = DemoProxy.start(options, servers)) {
            CheckResult result = OrderChecker.run(new CheckConfig()
                .target(new InetSocketAddress("127.0.0.1", options.port())).connections(20).requests(50_000).seed(5));
            assertTrue(result.isOk(), () -> "seed 5: " + result);
            for (LocalRedis server : servers) {
                assertTrue(server.call("INFO", "commandstats").contains("cmdstat_set"), "keys reach all servers");
            }
        } finally {
            LocalRedis.closeAll(servers);
        }
    }

    @Test
    void shouldConfigureWhatAUserWouldWrite() throws IOException {
        try (LocalRedis redis = LocalRedis.start()) {
            DemoOptions options = options(0, 3);
            MillraceConfig config = ConfigReader.read("demo.yml", DemoProxy.yaml(options, List.of(redis)));
            assertEquals(3, config.engine().lanes());
            assertEquals(options.adminPort(), config.engine().adminPort().admin().port());
            assertEquals(1, config.pools().size());
            assertTrue(config.pools().getFirst().redis());
            assertEquals(List.of(), config.warnings());
        }
    }

    private static boolean isRedis(ProcessHandle process) {
        String command = process.info().command().orElse("");
        return command.contains("redis") || command.contains("valkey");
    }

    private static DemoOptions options(long durationNs, int lanes) throws IOException {
        return new DemoOptions(durationNs, lanes, FreePort.find(), FreePort.find(), FreePort.find(), 1000, null);
    }
}
