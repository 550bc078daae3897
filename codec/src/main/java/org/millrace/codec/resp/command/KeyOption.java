package org.millrace.codec.resp.command;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.agrona.DirectBuffer;

/**
 * An option word that decides where keys are.
 *
 * @param role   what it means when it appears
 * @param name   its letters in lower case
 * @param words  how many words follow that belong to it
 */
record KeyOption(Role role, byte[] name, int words) {
    /** What an option word means for the keys. */
    enum Role {
        /** Keys begin after it. */
        KEYS,
        /** It and its words are passed over. */
        SKIP,
        /** The request would hold up the connection. */
        BLOCKS
    }

    static KeyOption of(Role role, String name, int words) {
        return new KeyOption(role, name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII), words);
    }

    /** True if the bytes are this word in any case. */
    boolean matches(DirectBuffer buffer, int offset, int length) {
        if (length != name.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            // The names are letters and digits only, for which setting the bit 0x20 is exact enough: the one other
            // byte that it maps to a letter is that letter's capital.
            final byte want = name[i];
            final byte have = buffer.getByte(offset + i);
            if (have != want && (want < 'a' || (have | 0x20) != want)) {
                return false;
            }
        }
        return true;
    }
}
