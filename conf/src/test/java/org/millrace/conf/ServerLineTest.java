package org.millrace.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines below {@code servers:} in all their forms, and the names that servers have on the ring. */
final class ServerLineTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:6379:1,            127.0.0.1,     6379,  1,          ,   127.0.0.1:6379",
        "127.0.0.1:06379:1,           127.0.0.1,     6379,  1,          ,   127.0.0.1:06379",
        "127.0.0.1:6379:007 seven,    127.0.0.1,     6379,  7,          seven, seven",
        "cache.local:11211:3,         cache.local,   11211, 3,          ,   cache.local",
        "cache.local:011211:3,        cache.local,   11211, 3,          ,   cache.local",
        "cache.local:11211:3 a:b,     cache.local,   11211, 3,          a:b, a:b",
        "::1:7000:2147483647,         ::1,           7000,  2147483647, ,   ::1:7000",
        "fe80::2:11211:1,             fe80::2,       11211, 1,          ,   fe80::2",
        "[::1]:7000:1,                ::1,           7000,  1,          ,   [::1]:7000",
        "h:65535:1,                   h,             65535, 1,          ,   h:65535"})
    void shouldReadTcp(String line, String host, int port, int weight, String name, String ringName) {
        final ServerConfig expected = new ServerConfig(AddressConfig.tcp(host, port), weight, name, ringName);
        assertEquals(List.of(expected), Yaml.onlyPool(Yaml.servers('"' + line + '"')).servers());
    }

    @Test
    void shouldReadUnixSockets() {
        final AddressConfig address = AddressConfig.unix("/run/a.sock", 0);
        assertEquals(List.of(new ServerConfig(address, 1, null, "/run/a.sock:"),
            new ServerConfig(address, 2, "b", "b")),
            Yaml.onlyPool(Yaml.servers("/run/a.sock:1", "/run/a.sock:2 b")).servers());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "127.0.0.1:6379          | has no weight       | add one: \"127.0.0.1:6379:1\"",
        "127.0.0.1               | has no weight       | add one: \"127.0.0.1:1\"",
        "127.0.0.1:6379:0        | has a zero weight   | a weight is 1..2147483647, after the port",
        "127.0.0.1:6379:-1       | has an invalid weight at its end | a weight is 1..2147483647, after the port",
        "127.0.0.1:6379:x        | has an invalid weight at its end | a weight is 1..2147483647, after the port",
        "127.0.0.1:6379:         | has an invalid weight at its end | a weight is 1..2147483647, after the port",
        "127.0.0.1:6379:2147483648 | has an invalid weight at its end | a weight is 1..2147483647, after the port",
        "127.0.0.1:0:1           | has an invalid port | a port is 1..65535",
        "127.0.0.1:65536:1       | has an invalid port | a port is 1..65535",
        "127.0.0.1:x:1           | has an invalid port | a port is 1..65535",
        "127.0.0.1::1            | has an invalid port | a port is 1..65535",
        "127.0.0.1:6379:1  two   | has too many spaces | one space before the name, and none in the name",
        "127.0.0.1:6379:1 a b    | has an invalid weight at its end | a weight is 1..2147483647, after the port",
        "/run/a.sock:6379:1      | has a colon in the path of a unix socket | a unix socket has no port",
        "/run/a.sock:0           | has a zero weight   | a weight is 1..2147483647",
        "/run/a.sock             | has no weight       | add one: \"/run/a.sock:1\""})
    void shouldRefuseWithTheReason(String line, String wrong, String remedy) {
        assertEquals(List.of("t.yml:5:5: alpha.servers[1]: " + wrong + ": " + Texts.quote(line)
            + "; allowed: host:port:weight [name] or /path:weight [name] (" + remedy + ')'),
            Yaml.errors(Yaml.servers("good:1:1", '"' + line + '"')));
    }

    @Test
    void shouldRefuseWhatHasNoHostOrNoText() {
        assertTrue(Yaml.errors(Yaml.servers("':6379:1'")).get(0).contains("has no host"));
        assertTrue(Yaml.errors(Yaml.servers("''")).get(0).contains("t.yml:4:5: alpha.servers[0]: has no value"));
        assertTrue(Yaml.errors(Yaml.servers("a:1:1", "")).get(0).contains("alpha.servers[1]: has no value"));
        assertTrue(Yaml.errors(Yaml.servers("'127.0.0.1:1:1 '")).get(0).contains("too many spaces"));
        assertTrue(Yaml.errors(Yaml.servers('/' + "x".repeat(107) + ":1")).get(0).contains("longer than 107 bytes"));
        assertTrue(Yaml.errors(Yaml.servers("a: b")).get(0).contains("a space after a colon makes it a mapping"));
    }

    @Test
    void shouldRefuseServersOfTheSameRingName() {
        assertEquals(List.of("t.yml:6:5: alpha.servers[2]: is named \"h:1\" as the server on line 4 is: \"h:1:2\"; "
            + "give each server of a pool its own name after a space, or remove one"),
            Yaml.errors(Yaml.servers("h:1:1", "h:1:1 other", "h:1:2", "h:01:1")));
        assertEquals(1, Yaml.errors(Yaml.servers("h:11211:1", "i:1:1 h")).size());
    }

    @Test
    void shouldRefuseWhatIsNoList() {
        final String pool = "alpha:\n  listen: a:1\n";
        assertEquals(List.of("t.yml:1:1: alpha.servers: is missing; add 'servers:' with a list, one "
            + "'- host:port:weight [name] or /path:weight [name]' a line"), Yaml.errors(pool));
        assertTrue(Yaml.errors(pool + "  servers: a:1:1\n").get(0)
            .startsWith("t.yml:3:12: alpha.servers: must be a list"));
        assertTrue(Yaml.errors(pool + "  servers: []\n").get(0).startsWith("t.yml:3:12: alpha.servers: the [ ] style"));
    }

    @Test
    void shouldRefuseWeightsThatAddUpToTooMuch() {
        assertTrue(Yaml.errors(Yaml.servers("a:1:2147483647", "b:1:1")).get(0)
            .contains("alpha.servers: the weights add up to 2147483648; allowed with ketama: 2147483647"));
        assertTrue(Yaml.errors(Yaml.servers("a:1:16777217") + "  distribution: modula\n").get(0)
            .contains("allowed with modula: 16777216"));
    }

    @Test
    void shouldGiveTheRingNamesOfTwemproxy() throws IOException {
        final Map<String, List<String[]>> pools = new LinkedHashMap<>();
        List<String[]> current = null;
        try (InputStream in = ServerLineTest.class.getResourceAsStream("ring-names.txt")) {
            for (final String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (line.startsWith("  ")) {
                    current.add(line.substring(2).split("\t"));
                } else if (!line.startsWith("#")) {
                    current = new ArrayList<>();
                    pools.put(line, current);
                }
            }
        }
        assertEquals(61, pools.size());
        pools.forEach((id, servers) -> {
            final String[] lines = servers.stream().map(pair -> pair[0]).toArray(String[]::new);
            assertEquals(servers.stream().map(pair -> pair[1]).toList(),
                Yaml.onlyPool(Yaml.servers(lines)).servers().stream().map(ServerConfig::ringName).toList(), id);
        });
    }
}
