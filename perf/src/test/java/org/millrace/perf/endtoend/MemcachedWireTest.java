package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.perf.server.FreePort;

/**
 * What nutcracker answered on memcached pools, Millrace answers byte for byte, or better: then the case is named in
 * docs/COMPATIBILITY.md, and what is told here is the answer.
 */
@Timeout(120)
class MemcachedWireTest {
    private static final String BAD_FORMAT = "CLIENT_ERROR bad command line format\r\n";
    private static final String INVALID = "SERVER_ERROR Invalid argument\r\n";
    private static final String TIMED_OUT = "SERVER_ERROR Connection timed out\r\n";
    private static final String REFUSED = "SERVER_ERROR Connection refused\r\n";
    private static final String S = "VALUE s 0 1\r\nz\r\nEND\r\n";
    /** Sent on after a case: its answer shows that the connection lives, and that nothing else has come. */
    private static final String BARRIER = "mn\r\n";
    /** Empties the servers, so that it must be the last. */
    private static final String LAST = "flush_all";

    /** By name, the better answer as a regular expression; the connection stays unless it is among those that close. */
    private static final Map<String, String> BETTER = new LinkedHashMap<>();
    private static final List<String> CLOSES = List.of("quit", "quit now", "get s quit get s", "binary protocol");

    static {
        better("four sets and a multi-get with a miss: values may come out of order", "STORED\r\n".repeat(4)
            + "VALUE a 0 1\r\n1\r\nVALUE b 5 1\r\n2\r\nVALUE c 0 1\r\n3\r\nVALUE d 0 0\r\n\r\n"
            + "VALUE a 0 1\r\n1\r\nEND\r\n");
        better("set n 0 -1 1 9", "STORED\r\n");
        better("set n -1 0 1 9", BAD_FORMAT);
        better("delete a 0", "DELETED\r\n");
        better("incr i x", "CLIENT_ERROR invalid numeric delta argument\r\n");
        better("touch i", "ERROR\r\n");
        better(LAST, "OK\r\n");
        BETTER.put("stats", "(STAT [a-z_]+ \\S+\r\n){50,}END\r\n");
        better("verbosity 1", "OK\r\n");
        better("gat 10 a", "END\r\n");
        better("gats 10 a", "END\r\n");
        better("mg a v", "EN\r\n");
        better("mn", "MN\r\n");
        better("GET a", "ERROR\r\n");
        better("foo", "ERROR\r\n");
        better("empty line", "ERROR\r\n");
        better("version x", "VERSION 1.6.18\r\n");
        better("get", "ERROR\r\n");
        better("get and a blank", "ERROR\r\n");
        better("get s foo get s", S + "ERROR\r\n" + S);
        better("set s 0 0 1 abc", "CLIENT_ERROR bad data chunk\r\nERROR\r\n");
        better("get of a key of 251 bytes", BAD_FORMAT);
        better("binary protocol", "CLIENT_ERROR the binary protocol is not supported\r\n");
        better("get of a key with a control byte", BAD_FORMAT);
        better("backend answers: VERSION", INVALID);
        better("backend answers: one reply too many", INVALID);
        better("multi-get, backend does not answer", TIMED_OUT);
        better("multi-get, connection refused", REFUSED);
        better("noreply then version, connection refused", "VERSION 1.6.18\r\n");
    }

    private record Case(String pool, boolean closed, String name, String send, String reply) {
    }

    private static void better(String name, String reply) {
        BETTER.put(name, Pattern.quote(reply));
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldAnswerEachRecordedCaseAsNutcrackerOrBetter(LaneKind kind) throws IOException {
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        try (MemcachedKit kit = MemcachedKit.start(kind, 2, "distribution", "modula")) {
            asked += replay(kit.proxy(), "mc", wrong);
        }
        try (MemcachedScript script = new MemcachedScript();
            ProxyKit kit = MemcachedKit.builder(kind, "timeout", "400").limit("link_silence_ms", "700").otherServer(
                "127.0.0.1:" + script.port() + ":1 f").start()) {
            asked += replay(kit, "fm", wrong);
        }
        try (ProxyKit kit = MemcachedKit.builder(kind).otherServer("127.0.0.1:" + FreePort.find() + ":1 d")
            .start()) {
            asked += replay(kit, "deadmc", wrong);
        }
        assertEquals(List.of(), wrong);
        assertEquals(62, asked, "every recorded case");
    }

    private static int replay(ProxyKit kit, String pool, List<String> wrong) throws IOException {
        List<Case> cases = new ArrayList<>(cases().stream().filter(each -> each.pool.equals(pool)).toList());
        cases.stream().filter(each -> each.name.equals(LAST)).toList().forEach(last -> {
            cases.remove(last);
            cases.add(last);
        });
        for (Case each : cases) {
            try (RawClient client = new RawClient(kit.port())) {
                if (pool.equals("fm")) {
                    // a link that ended without a good reply rests
                    Await.until("a link that can be used", () -> MemcachedKit.isStored(client, "k"));
                }
                String got = answer(client, each);
                String better = BETTER.get(each.name);
                boolean right = better == null ? got.equals(each.reply) : got.matches(better);
                if (!right || better != null && got.equals(each.reply) && !each.closed) {
                    wrong.add("\n" + each.name + ": got " + got);
                }
            } catch (IOException e) {
                wrong.add("\n" + each.name + ": " + e);
            }
        }
        return cases.size();
    }

    private static String answer(RawClient client, Case each) throws IOException {
        client.send(MemcachedKit.bytes(each.send));
        if (CLOSES.contains(each.name)) {
            return MemcachedKit.text(client.untilClose());
        }
        client.send(MemcachedKit.bytes(BARRIER));
        if (!each.send.equals(BARRIER)) {
            return MemcachedKit.untilBarrier(client);
        }
        return MemcachedKit.text(client.untilLineEnd()) + MemcachedKit.untilBarrier(client);
    }

    @Test
    void shouldNameEachCaseThatItAnswersBetterInTheDocumentation() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/COMPATIBILITY.md"))) {
            root = root.getParent();
        }
        String page = Files.readString(root.resolve("docs/COMPATIBILITY.md"));
        List<String> unnamed = BETTER.keySet().stream().filter(name -> !page.contains('`' + name + '`')).toList();
        assertEquals(List.of(), unnamed);
        List<String> names = cases().stream().map(Case::name).toList();
        assertTrue(names.containsAll(BETTER.keySet()), "a case that was never recorded");
    }

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (InputStream in = MemcachedWireTest.class.getResourceAsStream("memcached-wire.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.startsWith("# ")) {
                    String[] fields = line.split("\t");
                    cases.add(new Case(fields[0], fields[1].equals("closed"), fields[2], unhex(fields[3]),
                        unhex(fields[4])));
                }
            }
        }
        return cases;
    }

    private static String unhex(String hex) {
        return hex.equals("-") ? "" : MemcachedKit.text(HexFormat.of().parseHex(hex));
    }
}
