package org.millrace.conf;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Valid files with random damage: each is read or refused with reasons, and nothing else happens. */
final class DamageTest {
    private static final int ROUNDS = 6_000;
    private static final int MAX_DAMAGES = 4;
    private static final String[] SPLINTERS = {":", ": ", "- ", "\n", " ", "  ", "\t", "#", " #", "'", "\"", "{",
        "}", "[",
        "]", "&a", "*a", "!", "!!int ", "%", "---\n", "...\n", "|\n", ">-\n", "? ", ",", "@", "`", "~", "\0", "\u0085",
        "\u2028", "\ud800", "\ud83d\ude00", "\uFEFF", "\\", "0", "-1", "99999999999999999999", "true", "<<",
        "millrace:\n"};

    @Test
    void shouldReadOrRefuseWhateverIsDamaged() throws IOException {
        final long seed = Long.getLong("millrace.seed", System.nanoTime());
        final Random random = new Random(seed);
        final Path folder = Path.of(System.getProperty("basedir", "."));
        final List<String> valid = new ArrayList<>();
        for (final String name : List.of("nutcracker.yml", "millrace.yml")) {
            valid.add(bare(Files.readAllLines(folder.resolve(name))));
        }
        valid.add(Yaml.pool("hash_tag: '{}'", "redis: true", "redis_auth: \"x\"") + "millrace: {limits: {max_bulk: "
            + "1k}}\n");
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            final String text = damage(valid.get(random.nextInt(valid.size())), random);
            try {
                assertFalse(Yaml.read(text).pools().isEmpty());
            } catch (final ConfigException e) {
                refused++;
                checkErrors(e, text, seed, round);
            } catch (final RuntimeException | Error e) {
                fail("-Dmillrace.seed=" + seed + " round " + round + ": " + e + "\n" + text, e);
            }
        }
        assertTrue(refused > ROUNDS / 4 && refused < ROUNDS, "seed " + seed + ": refused " + refused);
    }

    private static void checkErrors(ConfigException e, String text, long seed, int round) {
        final String where = "-Dmillrace.seed=" + seed + " round " + round + ": " + e.getMessage() + "\n" + text;
        assertFalse(e.errors().isEmpty(), where);
        for (final ConfigError error : e.errors()) {
            assertTrue(error.line() >= 0 && error.column() >= 0 && !error.message().isEmpty(), where);
            assertFalse(error.toString().contains("\n"), where);
        }
    }

    private static String damage(String text, Random random) {
        final StringBuilder damaged = new StringBuilder(text);
        for (int n = 1 + random.nextInt(MAX_DAMAGES); n > 0 && !damaged.isEmpty(); n--) {
            final int at = random.nextInt(damaged.length());
            final int end = Math.min(damaged.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(6)) {
                case 0 -> damaged.delete(at, end);
                case 1 -> damaged.insert(at, damaged.substring(at, end));
                case 2 -> damaged.setCharAt(at, (char) random.nextInt(0x180));
                case 3 -> damaged.setLength(at);
                case 4 -> damaged.insert(random.nextInt(damaged.length()), damaged.substring(at, end));
                default -> damaged.insert(at, SPLINTERS[random.nextInt(SPLINTERS.length)]);
            }
        }
        return damaged.toString();
    }

    /** Without comments, in which damage does little. */
    private static String bare(List<String> lines) {
        return String.join("\n", lines.stream().filter(line -> !line.isBlank()
            && !line.strip().startsWith("#")).toList())
            + '\n';
    }
}
