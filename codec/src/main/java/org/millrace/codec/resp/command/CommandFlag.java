package org.millrace.codec.resp.command;

import java.util.Locale;

/** The flags of Redis that matter to a proxy and its clients, under Redis's own names. */
public enum CommandFlag {
    WRITE, READONLY, DENYOOM, FAST, BLOCKING, ADMIN, PUBSUB, NOSCRIPT, MOVABLEKEYS;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The name as Redis writes it. */
    public String text() {
        return text;
    }

    int bit() {
        return 1 << ordinal();
    }

    /** The flag of a word of the table, or null. */
    static CommandFlag of(String word) {
        for (CommandFlag flag : values()) {
            if (flag.text.equals(word)) {
                return flag;
            }
        }
        return null;
    }
}
