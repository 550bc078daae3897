package org.millrace.engine.control.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns of CONFIG GET. */
class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "*, timeout, true", "timeout, timeout, true", "time, timeout, false", "timeouts, timeout, false",
        "t*t, timeout, true", "t*x, timeout, false", "**, a, true", "?, a, true", "?, ab, false", "??, ab, true",
        "[a-c]x, bx, true", "[a-c]x, dx, false", "[^a-c]x, dx, true", "[^a-c]x, bx, false", "[abc], c, true",
        "[abc, c, true", "[abc, d, false", "[], a, false", "\\*, *, true", "\\*, a, false", "a\\, a, false",
        "*_max_*, client_max_queue, true", "[a-z]*[e], queue, true"})
    void shouldFitWhatRedisLetsFit(String pattern, String text, boolean fits) {
        assertEquals(fits, Glob.matches(pattern, text));
    }

    @Test
    void shouldEndSoonWhateverThePattern() {
        String stars = "*a".repeat(2_000) + "b";
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10),
            () -> assertFalse(Glob.matches(stars, "a".repeat(5_000))));
    }
}
