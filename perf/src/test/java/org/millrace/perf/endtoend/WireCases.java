package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Exchanges that were recorded from nutcracker ({@code wire.json}), and where {@code docs/COMPATIBILITY.md} lists
 * Millrace's answer as another: its table under "Recorded exchanges", a row for each such case, is what the tests
 * assert.
 */
final class WireCases {
    private static final Path DOCUMENT = Path.of("..", "docs", "COMPATIBILITY.md");
    private static final String HEADING = "## Recorded exchanges\n";
    private static final Pattern ROW = Pattern.compile("\\| (\\w+) \\| (.+) \\| (.+) \\| (.+) \\|");
    private static final Pattern CELL = Pattern.compile("(?:nothing|`(.+)`)(?:, (\\w+))?");
    private static final int NAME_MAX = 70;

    /** What a connection is once the answer has come. */
    enum State {
        OPEN, CLOSED,
        /** Open, and what was sent is not yet a whole request. */
        WAITS
    }

    /**
     * What comes back.
     *
     * @param reply bytes as Latin-1 text; an ellipsis stands for anything
     */
    record Answer(String reply, State after) {
        boolean isPattern() {
            return reply.indexOf('…') >= 0;
        }

        /** Matches the reply and what is to follow it. */
        Pattern pattern(String following) {
            StringBuilder regex = new StringBuilder();
            for (String part : reply.split("…", -1)) {
                regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
            }
            return Pattern.compile(regex + Pattern.quote(following), Pattern.DOTALL);
        }
    }

    /**
     * One exchange on a connection of its own.
     *
     * @param name     the same for no two cases of a pool
     * @param recorded nutcracker's answer
     * @param wanted   Millrace's: the same, or what the document lists
     */
    record Case(String pool, String name, byte[] send, Answer recorded, Answer wanted) {
        boolean isListed() {
            return recorded != wanted;
        }

        @Override
        public String toString() {
            return pool + " | " + name;
        }
    }

    private WireCases() {
    }

    /** All cases, in their order; each row of the document belongs to one of them, or this fails. */
    static List<Case> all() throws IOException {
        Map<String, Answer[]> listed = listed();
        List<Case> cases = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        for (Object entry : (List<?>) read().get("cases")) {
            Map<?, ?> each = (Map<?, ?>) entry;
            String pool = (String) each.get("pool");
            String name = name((String) each.get("note"));
            int number = names.merge(pool + name, 1, Integer::sum);
            String unique = number == 1 ? name : name + " (" + number + ')';
            HexFormat hex = HexFormat.of();
            Answer recorded = new Answer(Resp.text(hex.parseHex((String) each.get("reply_hex"))),
                State.valueOf(each.get("after").toString().toUpperCase(Locale.ROOT)));
            Answer[] row = listed.remove(pool + " | " + unique);
            if (row != null) {
                assertEquals(recorded, row[0], "what the document says of nutcracker in " + unique);
            }
            cases.add(new Case(pool, unique, hex.parseHex((String) each.get("send_hex")), recorded,
                row == null ? recorded : row[1]));
        }
        assertEquals(Map.of(), listed, "rows of the document that name no case");
        return cases;
    }

    private static Map<?, ?> read() throws IOException {
        try (InputStream in = WireCases.class.getResourceAsStream("wire.json")) {
            // JSON is YAML
            return new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static String name(String note) {
        String name = Resp.show(note.strip().getBytes(StandardCharsets.ISO_8859_1));
        return name.isEmpty() ? "line end" : name.length() > NAME_MAX ? name.substring(0, NAME_MAX) + "..." : name;
    }

    /** By pool and name: nutcracker's answer and ours. */
    private static Map<String, Answer[]> listed() throws IOException {
        String text = Files.readString(DOCUMENT);
        int start = text.indexOf(HEADING);
        assertEquals(true, start >= 0, DOCUMENT + " has no section '" + HEADING.strip() + '\'');
        Map<String, Answer[]> rows = new LinkedHashMap<>();
        text.substring(start).lines().filter(line -> line.startsWith("| ")).skip(1).forEach(line -> {
            var row = ROW.matcher(line);
            assertEquals(true, row.matches(), "not a row of four: " + line);
            String key = row.group(1) + " | " + row.group(2);
            assertNull(rows.put(key, new Answer[] {answer(row.group(3)), answer(row.group(4))}), "twice: " + key);
        });
        return rows;
    }

    private static Answer answer(String cell) {
        var parts = CELL.matcher(cell);
        assertEquals(true, parts.matches(), "not an answer: " + cell);
        String reply = parts.group(1) == null ? "" : parts.group(1).replace("\\r", "\r").replace("\\n", "\n")
            .replace("\\|", "|");
        return new Answer(reply, parts.group(2) == null ? State.OPEN
            : State.valueOf(parts.group(2).toUpperCase(Locale.ROOT)));
    }
}
