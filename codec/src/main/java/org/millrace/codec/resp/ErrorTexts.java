package org.millrace.codec.resp;

/** Errors that name a byte of the stream, built once, so that a framer tells one without allocating. */
final class ErrorTexts {
    private static final String[] EXPECTED_BULK = table("expected '$', got '");
    private static final String[] UNKNOWN_TYPE = table("unknown reply type '");

    private ErrorTexts() {
    }

    /** Where a bulk header was due, this byte came. */
    static String expectedBulk(byte got) {
        return EXPECTED_BULK[got & 0xFF];
    }

    /** A reply begins with this byte. */
    static String unknownType(byte got) {
        return UNKNOWN_TYPE[got & 0xFF];
    }

    private static String[] table(String prefix) {
        String[] texts = new String[256];
        for (int b = 0; b < texts.length; b++) {
            // a line end inside of an error would end its reply early
            char shown = b == '\r' || b == '\n' || b == 0 ? ' ' : (char) b;
            texts[b] = prefix + shown + "'";
        }
        return texts;
    }
}
