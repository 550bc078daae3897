package org.millrace.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shape of a file: documents, pools, what YAML offers and a configuration does not take, and the warnings. */
final class DocumentTest {
    private static String pool(String name, int port) {
        return name + ":\n  listen: 127.0.0.1:" + port + "\n  timeout: 1\n  servers:\n  - a:1:1\n";
    }

    @Test
    void shouldOrderPoolsByLengthOfNameThenBytewise() {
        final String text = pool("bb", 1) + pool("ab", 2) + pool("aaa", 3) + pool("z", 4) + pool("\u00e4", 5)
            + pool("B", 6) + pool("b", 7);
        assertEquals(List.of("B", "b", "z", "ab", "bb", "\u00e4", "aaa"),
            Yaml.read(text).pools().stream().map(PoolConfig::name).toList());
    }

    @Test
    void shouldTakeOneDocumentWithMarksCarriageReturnsAndByteOrderMark() {
        final MillraceConfig plain = Yaml.read(pool("a", 1));
        assertEquals(plain, Yaml.read("---\n" + pool("a", 1) + "...\n"));
        assertEquals(plain, Yaml.read("\uFEFF" + pool("a", 1).replace("\n", "\r\n")));
        assertEquals(List.of("t.yml:6:1: a second document begins here; a configuration is one document: remove "
            + "this ---"),
            Yaml.errors(pool("a", 1) + "---\n" + pool("b", 2)));
        assertEquals(List.of("t.yml:1:1: lines that begin with % are not allowed; remove them"),
            Yaml.errors("%YAML 1.1\n---\n" + pool("a", 1)));
    }

    @Test
    void shouldRefuseFilesWithoutAPool() {
        assertEquals(List.of("t.yml:1:1: the file is empty; write at least one pool"), Yaml.errors(""));
        assertEquals(List.of("t.yml:1:1: the file is empty; write at least one pool"), Yaml.errors("# nothing\n"));
        assertEquals(List.of("t.yml:1:1: the file has no pool; write at least one"), Yaml.errors("millrace:\n"));
        for (final String text : List.of("word", "- a\n- b\n", "{a: b}", "[]")) {
            assertTrue(Yaml.errors(text).get(0).startsWith("t.yml:1:1: a configuration is a mapping of pool "
                + "names"), text);
        }
    }

    @Test
    void shouldRefuseWhatIsNoPool() {
        final String remedy = ": a pool must be a mapping; write its directives, one 'key: value' a line, indented "
            + "below it";
        assertEquals(List.of("t.yml:1:1: a" + remedy, "t.yml:2:1: b" + remedy, "t.yml:3:1: c" + remedy,
            "t.yml:4:1: listen: is a directive and belongs in a pool; indent it below the name of one",
            "t.yml:5:4: d: the { } style is not allowed here; write one 'key: value' a line",
            "t.yml:6:1: d: is a duplicate: it stands on line 5 already; rename or remove one",
            "t.yml:6:1: d" + remedy,
            "t.yml:7:1: a pool has no name; write one before the colon"),
            Yaml.errors("a:\nb: 3\nc: [x]\nlisten: 3\nd: {listen: x}\nd: 4\n'': 5\n"));
    }

    @Test
    void shouldRefuseAnchorsAliasesTagsAndKeysThatAreNoWord() {
        assertEquals(List.of(
            "t.yml:3:12: an anchor is not allowed; write the value out where it is needed, or quote it if it is meant "
                + "to begin with &",
            "t.yml:4:12: an alias is not allowed; write the value out, or quote it if it is meant to begin with *",
            "t.yml:5:13: a tag is not allowed; remove it, or quote the value if it is meant to begin with !",
            "t.yml:6:5: a key must be a single word, not a list or a mapping"),
            Yaml.errors(Yaml.pool("backlog: &x 3", "timeout: *x", "redis_db: !t 4", "? [a]", ": 4")));
    }

    @Test
    void shouldSuggestTheNearestDirective() {
        assertEquals(List.of("t.yml:3:3: alpha.hsah: unknown directive; did you mean hash?",
            "t.yml:4:3: alpha.hash-tag: unknown directive; did you mean hash_tag?",
            "t.yml:5:3: alpha.Redis: unknown directive; did you mean redis?",
            "t.yml:6:3: alpha.auto_eject_host: unknown directive; did you mean auto_eject_hosts?",
            "t.yml:7:3: alpha.sentinels: unknown directive; known ones: "
                + String.join(" ", PoolDirectives.TABLE.names())),
            Yaml.errors(Yaml.pool("hsah: md5", "hash-tag: x", "Redis: true", "auto_eject_host: true", "sentinels: x")));
        assertEquals("fnv1a_64", Texts.nearest("fnv1a64", Directives.HASHES));
    }

    @Test
    void shouldReportBrokenYamlWithPlaceAndRemedy() {
        final String tab = Yaml.errors("a:\n\tlisten: x\n").get(0);
        assertTrue(tab.startsWith("t.yml:2:1: the YAML is broken: "), tab);
        assertTrue(tab.endsWith("indent with spaces, not with tabs"), tab);
        assertTrue(Yaml.errors("a:\n  b: 'x\n").get(0).startsWith("t.yml:3:1: the YAML is broken: "));
        assertEquals(List.of("t.yml:2:6: the character U+0007 is not allowed in YAML; write the file as plain UTF-8 "
            + "text"),
            Yaml.errors("a:\n  b: \u0007\n"));
        assertEquals(List.of("t.yml:1:11: nested deeper than 8 levels; nothing needs that: check the indentation"),
            Yaml.errors("a: " + "[".repeat(1_000_000)));
        assertTrue(Yaml.errors("x".repeat(YamlTree.MAX_CODE_POINTS + 1)).get(0).contains("the file is longer than"));
    }

    @Test
    void shouldKeepMessagesOnOneLine() {
        final List<String> errors = Yaml.errors("\"a\\nb\":\n  \"c\\td\": \"x\\ny\"\n  backlog: \"4\\n\"\n");
        assertTrue(errors.stream().noneMatch(error -> error.contains("\n") || error.contains("\t")), errors.toString());
        assertTrue(errors.contains("t.yml:3:12: a\\x0ab.backlog: is not a number: \"4\\x0a\"; allowed: 0..2147483647 "
            + "(digits only: no sign, no unit, no fraction)"), errors.toString());
    }

    @Test
    void shouldTellAllErrorsOfAFileAtOnceInFileOrder(@TempDir Path folder) throws IOException {
        final Path file = folder.resolve("bad.yml");
        Files.writeString(file, Yaml.pool("timeout: x", "redis: on") + "millrace:\n  lanes: 0\n");
        final ConfigException e = assertThrows(ConfigException.class, () -> ConfigReader.read(file));
        assertEquals("configuration file '" + file + "' is invalid: 3 errors\n"
            + file + ":3:12: alpha.timeout: is not a number: \"x\"; allowed: 0..2147483647 milliseconds (digits only: "
            + "no sign, no unit, no fraction)\n"
            + file + ":4:10: alpha.redis: is neither true nor false: \"on\"; allowed: true or false (write true)\n"
            + file + ":8:10: millrace.lanes: is too small: \"0\"; allowed: auto, or 1..256", e.getMessage());
        final ConfigError first = e.errors().get(0);
        assertEquals(List.of(3, 12, "alpha.timeout", "x"),
            List.of(first.line(), first.column(), first.keyPath(), first.value()));
    }

    @Test
    void shouldReportFilesThatCannotBeRead(@TempDir Path folder) throws IOException {
        final Path none = folder.resolve("none.yml");
        assertEquals("configuration file '" + none + "' is invalid: 1 error\n" + none
            + ": cannot be opened: there is no such file",
            assertThrows(ConfigException.class, () -> ConfigReader.read(none)).getMessage());
        assertThrows(ConfigException.class, () -> ConfigReader.read(folder));
        final Path latin = folder.resolve("latin.yml");
        Files.write(latin, new byte[] {'a', ':', '\n', ' ', (byte) 0xe4, 'b', '\n'});
        assertEquals(latin + ":2:2: the byte 0xe4 is not UTF-8; save the file as UTF-8",
            assertThrows(ConfigException.class, () -> ConfigReader.read(latin)).errors().get(0).toString());
        Files.write(latin, new byte[] {'a', ':', ' ', (byte) 0xc3});
        assertEquals(latin + ":1:4: the byte 0xc3 is not UTF-8; save the file as UTF-8",
            assertThrows(ConfigException.class, () -> ConfigReader.read(latin)).errors().get(0).toString());
    }

    @Test
    void shouldWarnOfWhatMaySurprise() {
        assertEquals(List.of(), Yaml.read(pool("a", 1)).warnings());
        final String forever = "there is no timeout: a request to a server that does not answer waits for ever; set "
            + "one in "
            + "milliseconds, such as 'timeout: 1000'";
        assertEquals(List.of("t.yml:1:1: alpha.timeout: " + forever), Yaml.read(Yaml.pool()).warnings());
        assertEquals(List.of("t.yml:3:12: alpha.timeout: " + forever), Yaml.read(Yaml.pool("timeout: 0")).warnings());
        assertEquals(List.of(
            "t.yml:4:23: alpha.client_connections: twemproxy ignores this; here it holds: client number 10 is "
            + "turned away",
            "t.yml:5:13: alpha.redis_db: has no effect without 'redis: true'",
            "t.yml:6:25: alpha.server_failure_limit: has no effect without 'auto_eject_hosts: true'",
            "t.yml:7:25: alpha.server_retry_timeout: has no effect without 'auto_eject_hosts: true'"),
            Yaml.read(Yaml.pool("timeout: 1", "client_connections: 9", "redis_db: 1", "server_failure_limit: 0",
                "server_retry_timeout: 1")).warnings());
        final MillraceConfig zero = Yaml.read(Yaml.pool("timeout: 1", "auto_eject_hosts: true",
            "server_failure_limit: 0"));
        assertEquals(List.of("t.yml:5:25: alpha.server_failure_limit: 0 means the same as 1: out after the first "
            + "failure"),
            zero.warnings());
        assertEquals(1, zero.pools().get(0).serverFailureLimit());
        assertTrue(Yaml.read(Yaml.pool("timeout: 1", "redis: true", "redis_auth: x", "redis_db: 3")).warnings().get(0)
            .startsWith("t.yml:6:13: alpha.redis_db: twemproxy selects before it logs in"));
        assertTrue(Yaml.read(Yaml.servers("127.0.0.1:22121:1")).warnings().get(1)
            .startsWith("t.yml:4:3: alpha.servers: the pool is its own server: 127.0.0.1:22121"));
    }

    @Test
    void shouldWarnOfALogOfHistogramsThatAreNotKept() {
        final String pool = Yaml.pool("timeout: 1");
        final String log = "  latency_log: /var/log/l.hlog\n";
        assertEquals(List.of("t.yml:3:16: millrace.latency_log: has no effect with 'latency: false', which keeps "
            + "nothing that could be written"), Yaml.read("millrace:\n  latency: false\n" + log + pool).warnings());
        assertEquals(List.of(), Yaml.read("millrace:\n  latency: true\n" + log + pool).warnings());
        assertEquals(List.of(), Yaml.read("millrace:\n  latency: false\n" + pool).warnings());
        assertEquals(List.of("t.yml:3:20: millrace.slowlog_max_len: has no effect with 'latency: false', with which "
            + "nobody knows what is slow"),
            Yaml.read("millrace:\n  latency: false\n  slowlog_max_len: 7\n" + pool).warnings());
    }
}
