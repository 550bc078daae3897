package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.perf.server.FreePort;

/** Hot keys, big keys and top talkers are told of a proxy that serves, with real servers behind it. */
@Timeout(60)
@Tag("alone")
class HotKeysTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int BATCH = 400;
    private static final String HOT = "the-hot-one";
    private static final double HOT_SHARE = 0.05;

    private final Random random = new Random(7);

    private static MillraceConfig config(CacheProtocol protocol, int port, CacheServers servers, boolean on) {
        StringBuilder yaml = new StringBuilder("millrace:\n  lanes: 2\n  hot_keys: ").append(on)
            .append("\ntest:\n  listen: 127.0.0.1:").append(port).append("\n  redis: ").append(protocol.redis())
            .append(protocol == CacheProtocol.REDIS ? "\n  admin_commands: read" : "").append("\n  servers:\n");
        servers.ports().forEach(each -> yaml.append("    - 127.0.0.1:").append(each).append(":1\n"));
        return ConfigReader.read("test.yml", yaml.toString());
    }

    private static String stats(Millrace millrace) {
        try (InputStream in = URI.create("http://127.0.0.1:" + millrace.statsPort() + "/stats").toURL().openStream()) {
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int begin = all.indexOf("\"hot_keys\":");
            return all.substring(begin, all.indexOf(", \"slow_log\":", begin));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of twenty requests, at random, is for the hot key, all others are for one of a hundred thousand. */
    private void ask(CacheProtocol protocol, RawClient client) {
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        for (int i = 0; i < BATCH; i++) {
            requests.writeBytes(protocol.get(random.nextDouble() < HOT_SHARE ? HOT : "k" + random.nextInt(100_000)));
        }
        try {
            client.send(requests.toByteArray());
            assertEquals(protocol.missing().repeat(BATCH),
                MemcachedKit.text(client.exactly(BATCH * protocol.missing().length())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double share(String stats, String key) {
        Matcher found = Pattern.compile("\"key\":\"" + key + "\", \"share\":([0-9.]+)").matcher(stats);
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }

    private static void tellOnItsPort(RawClient client) throws IOException {
        String hot = client.call("PROXY", "HOTKEYS", "1");
        assertTrue(hot.startsWith("*1\r\n*6\r\n$3\r\nkey\r\n$11\r\n" + HOT + "\r\n$5\r\nshare\r\n$7\r\n0.0"), hot);
        String big = client.call("proxy", "bigkeys", "1");
        assertTrue(big.startsWith("*1\r\n*8\r\n$3\r\nkey\r\n$11\r\nthe-big-one\r\n$5\r\nbytes\r\n:30"), big);
        assertTrue(big.endsWith("$7\r\ncommand\r\n$3\r\nset\r\n$8\r\nmeasured\r\n$7\r\nrequest\r\n"), big);
        String top = client.call("PROXY", "TOP");
        assertTrue(top.startsWith("*1\r\n*6\r\n$7\r\naddress\r\n$9\r\n127.0.0.1\r\n$19\r\nrequests_per_second"), top);
        assertTrue(client.call("PROXY", "HOTKEYS").startsWith("*20\r\n"));
        for (String count : new String[] {"0", "21", "-1", "x", "99999999999"}) {
            client.expect("-ERR count must be a number from 1 to 20\r\n", "PROXY", "HOTKEYS", count);
        }
        client.expect("-ERR wrong number of arguments for 'proxy|top' command\r\n", "PROXY", "TOP", "1", "2");
    }

    @ParameterizedTest
    @EnumSource(CacheProtocol.class)
    void shouldListAHotKeyAtATwentiethOfTheTrafficWithinFiveSeconds(CacheProtocol protocol) throws Exception {
        int port = FreePort.find();
        try (CacheServers servers = CacheServers.start(protocol, 2)) {
            Millrace millrace = Millrace.start(config(protocol, port, servers, true),
                new StartOptions("127.0.0.1", -1));
            // on different lanes
            try (millrace; RawClient first = new RawClient(port); RawClient second = new RawClient(port)) {
                String[] stats = {""};
                Await.until(() -> stats[0], LIMIT, () -> {
                    ask(protocol, first);
                    ask(protocol, second);
                    stats[0] = stats(millrace);
                    return stats[0].contains("{\"test\": {\"hot\":[{\"key\":\"" + HOT + '"');
                });
                double share = share(stats[0], HOT);
                // six times the deviation of a thousand samples
                assertTrue(share > 0.01 && share < 0.10, share + " in " + stats[0]);
                assertTrue(stats[0].contains("\"talkers\":[{\"address\":\"127.0.0.1\", \"requests_per_second\":"),
                    stats[0]);
                String value = "secret".repeat(5_000);
                first.send(protocol.set("the-big-one", value));
                first.expectBytes(MemcachedKit.bytes(protocol.stored()));
                Await.until(() -> stats[0], LIMIT, () -> {
                    stats[0] = stats(millrace);
                    return stats[0].contains("\"big\":[{\"key\":\"the-big-one\", \"bytes\":30");
                });
                assertTrue(!stats[0].contains("secret"), stats[0]);
                if (protocol == CacheProtocol.REDIS) {
                    tellOnItsPort(first);
                }
                assertEquals(List.of("millrace.hot_keys is false, was true"),
                    millrace.reload(config(protocol, port, servers, false)));
                Await.until(() -> stats[0], LIMIT, () -> {
                    stats[0] = stats(millrace);
                    return stats[0].equals("\"hot_keys\":{}");
                });
                if (protocol == CacheProtocol.REDIS) {
                    first.expect("-ERR no traffic is looked at; set 'hot_keys: true' below 'millrace:' and reload\r\n",
                        "PROXY", "HOTKEYS");
                }
                ask(protocol, first);
                millrace.reload(config(protocol, port, servers, true));
                Await.until(() -> stats[0], LIMIT, () -> {
                    ask(protocol, first);
                    stats[0] = stats(millrace);
                    return share(stats[0], HOT) > 0;
                });
            }
            assertEquals(0, millrace.errors());
        }
    }
}
