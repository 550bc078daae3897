package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What nutcracker answers, the proxy answers likewise; what nutcracker hangs up on is answered too. */
@Timeout(60)
class NutcrackerCasesTest {
    private static final String PONG = "+PONG\r\n";
    /** Not requests: an error, then the end, for what follows cannot be understood. */
    private static final Set<String> BROKEN = Set.of("null argument", "length does not match",
        "integer in place of a bulk", "bad count");
    /** Nothing to answer. */
    private static final Set<String> EMPTY = Set.of("blank line", "empty array", "null array");
    /** Closed because the client asked for it. */
    private static final Set<String> QUITS = Set.of("QUIT", "GET, QUIT, GET in one write");
    /** Keys on two servers, of which nutcracker looks at the first alone; and a form that no client sends. */
    private static final Set<String> SKIPPED = Set.of("EVAL return KEYS 2 k zz arg", "LF only");

    private record Case(boolean open, String note, byte[] send, byte[] reply) {
    }

    @Test
    void shouldAnswerAsNutcrackerDoesAndWhatNutcrackerDoesNot() throws IOException {
        List<String> wrong = new ArrayList<>();
        int same = 0;
        int better = 0;
        try (ProxyKit kit = ProxyKit.with(LaneKind.FUSED).servers(2).pool("distribution", "modula").start()) {
            for (Case each : cases()) {
                if (SKIPPED.contains(each.note)) {
                    continue;
                }
                try (RawClient client = new RawClient(kit.port())) {
                    client.send(each.send);
                    String problem = each.open ? compare(client, each) : answer(client, each);
                    if (!problem.isEmpty()) {
                        wrong.add("\n" + each.note + ": " + problem);
                    } else if (each.open) {
                        same++;
                    } else {
                        better++;
                    }
                } catch (IOException e) {
                    wrong.add("\n" + each.note + ": " + e.getMessage());
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(same > 20 && better > 40, "same " + same + ", better " + better);
    }

    private static String compare(RawClient client, Case each) throws IOException {
        client.send("PING");
        byte[] got = client.exactly(each.reply.length);
        String expected = Resp.show(each.reply);
        return expected.equals(Resp.show(got)) && Resp.text(client.reply()).equals(PONG)
            ? "" : "expected " + expected + ", got " + Resp.show(got);
    }

    private static String answer(RawClient client, Case each) throws IOException {
        if (QUITS.contains(each.note)) {
            String all = Resp.text(client.untilClose());
            return all.endsWith("+OK\r\n") ? "" : "got " + all;
        }
        if (BROKEN.contains(each.note)) {
            String all = Resp.text(client.untilClose());
            return all.startsWith("-ERR Protocol error: ") ? "" : "got " + all;
        }
        client.send("ECHO", "still here");
        int answers = 0;
        String last = Resp.text(client.reply());
        while (!last.equals("$10\r\nstill here\r\n")) {
            answers++;
            last = Resp.text(client.reply());
        }
        return answers > 0 != EMPTY.contains(each.note) ? "" : answers + " answers";
    }

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (InputStream in = NutcrackerCasesTest.class.getResourceAsStream("nutcracker-cases.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.startsWith("# ")) {
                    String[] fields = line.split("\t", -1);
                    HexFormat hex = HexFormat.of();
                    cases.add(new Case(fields[0].equals("open"), fields[1], hex.parseHex(fields[2]),
                        hex.parseHex(fields[3].equals("-") ? "" : fields[3])));
                }
            }
        }
        return cases;
    }
}
