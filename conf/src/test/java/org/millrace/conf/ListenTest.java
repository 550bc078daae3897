package org.millrace.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a pool listens. */
final class ListenTest {
    private static String pool(String listen) {
        return "alpha:\n  listen: \"" + listen + "\"\n  servers:\n  - a:1:1\n";
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:22121, 127.0.0.1, 22121", "no.such.host.invalid:1, no.such.host.invalid, 1",
        "::1:65535, ::1, 65535", "[::1]:22121, ::1, 22121", "0.0.0.0:022121, 0.0.0.0, 22121"})
    void shouldReadTcpWithoutResolving(String text, String host, int port) {
        assertEquals(AddressConfig.tcp(host, port), Yaml.onlyPool(pool(text)).listen());
    }

    @ParameterizedTest
    @CsvSource({"/run/a.sock, /run/a.sock, 0", "/run/a.sock 0660, /run/a.sock, 432",
        "/run/a.sock 777, /run/a.sock, 511", "/run/a b 0600, /run/a b, 384"})
    void shouldReadUnixSocketsWithMode(String text, String path, int mode) {
        assertEquals(AddressConfig.unix(path, mode), Yaml.onlyPool(pool(text)).listen());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "127.0.0.1         | has no port              | ",
        "22121             | has no port              | ",
        "127.0.0.1:0       | has an invalid port      |  (a port is 1..65535)",
        "127.0.0.1:65536   | has an invalid port      |  (a port is 1..65535)",
        "127.0.0.1:        | has an invalid port      |  (a port is 1..65535)",
        ":22121            | has no host              |  (write 0.0.0.0:22121 for every address)",
        "a b:22121         | has a space or control character in the host | ",
        "/run/a.sock 1000  | has an invalid file mode at its end | ' (octal, 0..0777, such as 0660)'",
        "/run/a.sock 0668  | has an invalid file mode at its end | ' (octal, 0..0777, such as 0660)'",
        "/run/a.sock rw    | has an invalid file mode at its end | ' (octal, 0..0777, such as 0660)'",
        "/                 | has no file name in the path | "})
    void shouldRefuseWithTheReason(String text, String wrong, String hint) {
        final String remedy = hint == null ? "" : ' ' + hint.strip();
        assertEquals(List.of("t.yml:2:11: alpha.listen: " + wrong + ": " + Texts.quote(text)
            + "; allowed: host:port, or /path of a unix socket with an optional octal mode" + remedy),
            Yaml.errors(pool(text)));
    }

    @Test
    void shouldRequireIt() {
        assertEquals(List.of("t.yml:1:1: alpha.listen: is missing; add 'listen:' with host:port, or /path of a unix "
            + "socket with an optional octal mode"), Yaml.errors("alpha:\n  servers:\n  - a:1:1\n"));
    }

    @Test
    void shouldRefuseTwoPoolsOnOneAddress() {
        final String two = pool("127.0.0.1:22121") + pool("127.0.0.1:022121").replace("alpha", "bravo");
        assertEquals(List.of("t.yml:6:11: bravo.listen: is where pool \"alpha\" on line 1 listens already: "
            + "\"127.0.0.1:022121\"; give each pool its own address"), Yaml.errors(two));
        assertTrue(Yaml.errors(pool("/a 0600") + pool("/a").replace("alpha", "bravo")).get(0).contains("bravo.listen"));
    }
}
