package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** How keys are shown. */
class KeyTextTest {
    @Test
    void shouldShowPrintableBytesAsTheyAre() {
        assertEquals("user:42 \"~", text("user:42 \"~"));
        assertEquals("", text(""));
    }

    @Test
    void shouldEscapeOthersAsRedisCliDoes() {
        assertEquals("\\\\\\n\\r\\t\\x00\\x1f\\x7f\\xff", text("\\\n\r\t\0\u001f\u007f\u00ff"));
    }

    @Test
    void shouldTellHowMuchIsMissing() {
        assertEquals("ab... (3 more bytes)", KeyText.of(new byte[] {'a', 'b'}, 5));
        assertEquals("", KeyText.of(new byte[0], -1), "no key at all");
    }

    private static String text(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
        return KeyText.of(bytes, bytes.length);
    }
}
