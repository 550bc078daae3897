package org.millrace.conf;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

/** Builds small files for the tests. */
final class Yaml {
    static final String FILE = "t.yml";

    private Yaml() {
    }

    /** A valid pool with these further lines, the first of which is line 3. */
    static String pool(String... lines) {
        final StringBuilder text = new StringBuilder("alpha:\n  listen: 127.0.0.1:22121\n");
        for (final String line : lines) {
            text.append("  ").append(line).append('\n');
        }
        return text.append("  servers:\n  - 127.0.0.1:6379:1\n").toString();
    }

    /** A pool with these servers, the first of which is on line 4. */
    static String servers(String... lines) {
        final StringBuilder text = new StringBuilder("alpha:\n  listen: 127.0.0.1:22121\n  servers:\n");
        for (final String line : lines) {
            text.append("  - ").append(line).append('\n');
        }
        return text.toString();
    }

    /** A valid file whose limits are these lines, the first of which is line 3. */
    static String limits(String... lines) {
        final StringBuilder text = new StringBuilder("millrace:\n  limits:\n");
        for (final String line : lines) {
            text.append("    ").append(line).append('\n');
        }
        return text + pool();
    }

    static MillraceConfig read(String text) {
        return ConfigReader.read(FILE, text);
    }

    /** The first pool of a valid file. */
    static PoolConfig onlyPool(String text) {
        return read(text).pools().get(0);
    }

    /** The messages of a file that must be refused. */
    static List<String> errors(String text) {
        return assertThrows(ConfigException.class, () -> read(text), text).errors().stream()
            .map(ConfigError::toString).toList();
    }
}
