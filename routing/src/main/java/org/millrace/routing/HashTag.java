package org.millrace.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The two bytes between which a key holds the part that decides its server.
 *
 * @param open  first byte, before the part
 * @param close second byte, after it; may be the same
 */
record HashTag(byte open, byte close) {
    /**
     * Reads the directive.
     *
     * @param directive exactly two bytes, or null
     * @return null for null
     * @throws IllegalArgumentException if the text is not two bytes long
     */
    static HashTag of(String directive) {
        if (directive == null) {
            return null;
        }
        byte[] bytes = directive.getBytes(UTF_8);
        if (bytes.length != 2) {
            throw new IllegalArgumentException("a hash tag has two bytes, not " + bytes.length + ": " + directive);
        }
        return new HashTag(bytes[0], bytes[1]);
    }
}
