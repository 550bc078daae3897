package org.millrace.codec.resp.command;

import java.util.Locale;

/** Redis words the error for a bad number of keys differently in each family of commands. */
enum NumkeysWording {
    PLAIN(NumkeysWording.INTEGER, NumkeysWording.POSITIVE, NumkeysWording.SYNTAX),
    SCRIPT(NumkeysWording.INTEGER, NumkeysWording.NEGATIVE, NumkeysWording.GREATER),
    FUNCTION("ERR Bad number of keys provided", NumkeysWording.NEGATIVE, NumkeysWording.GREATER),
    ZSET(NumkeysWording.INTEGER, "ERR at least 1 input key is needed for '%s' command", NumkeysWording.SYNTAX),
    CARD(NumkeysWording.POSITIVE, NumkeysWording.POSITIVE, NumkeysWording.GREATER),
    POP(NumkeysWording.POSITIVE, NumkeysWording.POSITIVE, NumkeysWording.SYNTAX);

    static final String SYNTAX = "ERR syntax error";
    private static final String INTEGER = "ERR value is not an integer or out of range";
    private static final String POSITIVE = "ERR numkeys should be greater than 0";
    private static final String NEGATIVE = "ERR Number of keys can't be negative";
    private static final String GREATER = "ERR Number of keys can't be greater than number of args";

    final String notAnInteger;
    final String tooFew;
    final String tooMany;

    NumkeysWording(String notAnInteger, String tooFew, String tooMany) {
        this.notAnInteger = notAnInteger;
        this.tooFew = tooFew;
        this.tooMany = tooMany;
    }

    /** Scripts and functions may come without a key; the others need one. */
    boolean mayBeZero() {
        return this == SCRIPT || this == FUNCTION;
    }

    static NumkeysWording of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
