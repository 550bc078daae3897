package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** A process reads its file again when it is told to, by signal and by command. */
@Timeout(120)
class ReloadProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void shouldReadItsFileAgainAndTellWhatHasChangedOrWhyNothing() throws Exception {
        try (LocalRedis redis = LocalRedis.start(); ProxyCommand proxy = new ProxyCommand(folder, "", List.of(redis))) {
            Process process = proxy.serve(":", "-p", "pid", "-o", "log");
            proxy.started("log");
            Path file = folder.resolve("millrace.yml");
            String good = Files.readString(file);
            try (RawClient client = new RawClient(proxy.port())) {
                client.expect("+OK\r\n", "SET", "k", "1");
                int other = FreePort.find();
                Files.writeString(file, good + "other:\n  listen: 127.0.0.1:" + other + "\n  redis: true\n"
                    + "  timeout: 1000\n  servers:\n    - 127.0.0.1:" + redis.port() + ":1\n");
                ProxyCommand.signal(process.toHandle(), "USR1");
                Await.until(() -> proxy.text("log"), LIMIT,
                    () -> proxy.text("log").contains("pool other: new, listens on"));
                try (RawClient more = new RawClient(other)) {
                    more.expect("$1\r\n1\r\n", "GET", "k");
                }
                Files.writeString(file, good.replace("redis: true", "redis: yes"));
                ProxyCommand.signal(process.toHandle(), "USR1");
                Await.until(() -> proxy.text("log"), LIMIT,
                    () -> proxy.text("log").contains("not reloaded, nothing has changed: millrace.yml")
                    && proxy.text("log").contains("test.redis: is neither true nor false"));
                client.expect("$1\r\n1\r\n", "GET", "k");
                try (RawClient more = new RawClient(other)) {
                    more.expect("$1\r\n1\r\n", "GET", "k");
                }
                assertEquals(1, proxy.run("reload", "-p", "pid", "-c", "millrace.yml"));
                assertTrue(proxy.text("err").contains("test.redis: is neither true nor false"), proxy.text("err"));
                Files.writeString(file, good);
                assertEquals(0, proxy.run("reload", "-p", "pid", "-c", "millrace.yml"), () -> proxy.text("err"));
                assertTrue(proxy.text("out").contains("has reloaded\npool other: removed"), proxy.text("out"));
                assertTrue(proxy.text("log").contains("pool other: removed"), proxy.text("log"));
                assertEquals(0, proxy.run("reload", "-p", "pid"));
                assertTrue(proxy.text("out").endsWith("has reloaded: nothing has changed\n"), proxy.text("out"));
                Files.writeString(file, "millrace:\n  lanes: 2\n" + good);
                for (int i = 0; i < 2; i++) {
                    assertEquals(0, proxy.run("reload", "-p", "pid"));
                    assertTrue(proxy.text("out").endsWith("\nneeds a restart: millrace.lanes is 2, was auto\n"),
                        proxy.text("out"));
                }
                assertTrue(proxy.text("log").contains("needs a restart: millrace.lanes is 2, was auto"));
                Files.writeString(file, good.replace("timeout: 1000", "timeout: soon"));
                assertEquals(1, proxy.run("reload", "-p", "pid"));
                assertTrue(proxy.text("err").contains("has not reloaded, nothing has changed:")
                    && proxy.text("err").contains("test.timeout: "), proxy.text("err"));
                String info = client.call("INFO", "millrace");
                assertTrue(info.contains("\r\nreloads:5\r\nreload_failures:2\r\nlast_reload:failed: "), info);
                Files.writeString(file, good);
                assertTrue(proxy.exists("pid.reload"));
                client.expect("$1\r\n1\r\n", "GET", "k");
            }
            ProxyCommand.signal(process.toHandle(), "TERM");
            assertEquals(0, ProxyCommand.exitCode(process));
            assertFalse(proxy.exists("pid.reload") || proxy.exists("pid"), "it leaves something behind");
        }
    }
}
