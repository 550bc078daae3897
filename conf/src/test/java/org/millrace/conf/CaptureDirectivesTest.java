package org.millrace.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The section {@code millrace: capture:}, and the directive of a pool. */
final class CaptureDirectivesTest {
    private static String file(String line, String... pool) {
        return "millrace:\n  capture:\n    " + line + '\n' + Yaml.pool(pool);
    }

    @Test
    void shouldTakeEveryKey() {
        final CaptureConfig config = Yaml.read("millrace:\n  capture:\n    dir: /x\n    max_size: 2mb\n"
            + "    max_age_s: 0\n    segment_size: 256kb\n    sample: 10\n    redact: true\n    ring: 1mb\n"
            + Yaml.pool("capture: true")).engine().capture();
        assertEquals(new CaptureConfig("/x", 2 << 20, 0, 256 << 10, 10, true, 1 << 20), config);
    }

    @Test
    void shouldCaptureNothingByDefault() {
        final MillraceConfig config = Yaml.read(Yaml.pool());
        assertFalse(config.pools().getFirst().captured());
        assertEquals(new CaptureConfig(null, 1L << 30, 86_400, 64 << 20, 1, false, 4 << 20),
            config.engine().capture());
    }

    @Test
    void shouldRefuseAPoolThatIsCapturedToNowhere() {
        assertEquals(List.of("t.yml:3:12: alpha.capture: needs a folder to write to: \"true\"; name one with 'dir:' in "
            + "the section capture: under millrace:, or start with 'millrace capture --to DIR' instead"),
            Yaml.errors(Yaml.pool("capture: true")));
        assertTrue(Yaml.read(file("dir: /x", "capture: true")).pools().getFirst().captured());
        assertFalse(Yaml.read(Yaml.pool("capture: false")).pools().getFirst().captured());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "max_size: 1kb       | 15 | max_size     | is too small: \"1kb\"; allowed: 1mb..16384gb",
        "max_age_s: 1d       | 16 | max_age_s    | is not a number: \"1d\"; allowed: 0..31536000",
        "segment_size: 2gb   | 19 | segment_size | is too large: \"2gb\"; allowed: 256kb..1gb",
        "sample: 0           | 13 | sample       | is too small: \"0\"; allowed: 1..1000000",
        "redact: on          | 13 | redact       | is neither true nor false: \"on\"; allowed: true or false",
        "ring: 1             | 11 | ring         | is too small: \"1\"; allowed: 64kb..512mb"})
    void shouldRefuseWithPlacePathValueAndRemedy(String line, int column, String key, String message) {
        final List<String> errors = Yaml.errors(file(line));
        assertEquals(1, errors.size());
        assertTrue(errors.getFirst().startsWith("t.yml:3:" + column + ": millrace.capture." + key + ": " + message),
            errors.getFirst());
    }

    @Test
    void shouldTellWhereAMisplacedKeyBelongs() {
        assertEquals(List.of("t.yml:3:3: alpha.sample: unknown directive; it belongs under the top-level key millrace:,"
            + " in its capture:"), Yaml.errors(Yaml.pool("sample: 3")));
        assertEquals(List.of("t.yml:2:3: millrace.redact: unknown directive; it belongs one level deeper, in capture:"),
            Yaml.errors("millrace:\n  redact: true\n" + Yaml.pool()));
    }
}
