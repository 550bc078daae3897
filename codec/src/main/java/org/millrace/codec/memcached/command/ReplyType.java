package org.millrace.codec.memcached.command;

import java.util.ArrayList;
import java.util.List;

/**
 * What a reply is, told by the first word of its first line. Lists go on line by line up to END; a block has data of
 * the length that its line tells; all others are one line.
 */
public enum ReplyType {
    /** {@code VALUE key flags bytes [cas]} and data, any number of them, and END. */
    VALUE,
    /** Nothing of what was asked for. */
    END,
    /** {@code STAT name value} up to END. */
    STAT,
    /** {@code PREFIX ...} up to END: stats detail dump. */
    PREFIX,
    /** {@code ITEM ...} up to END: stats cachedump. */
    ITEM,
    STORED, NOT_STORED, EXISTS, NOT_FOUND, DELETED, TOUCHED, OK, RESET, VERSION,
    /** The new value of incr and decr. */
    NUMBER,
    /** Done, or found without its value. */
    HD,
    /** {@code VA bytes flags*} and data. */
    VA,
    /** Not found (mg, me). */
    EN,
    /** Not found. */
    NF,
    /** Not stored. */
    NS,
    /** Exists with another cas. */
    EX,
    /** The answer to mn. */
    MN,
    /** What is known of an item. */
    ME,
    /** The command is not known. */
    ERROR,
    /** The request is wrong. */
    CLIENT_ERROR,
    /** The server cannot. */
    SERVER_ERROR;

    private static final int ERRORS = ERROR.bit() | CLIENT_ERROR.bit() | SERVER_ERROR.bit();
    private static final ReplyType[] ALL = values();

    /** Its bit in a set of types. */
    public int bit() {
        return 1 << ordinal();
    }

    /** True of the three errors. */
    public boolean isError() {
        return (bit() & ERRORS) != 0;
    }

    /** True if lines of this kind go on up to END. */
    public boolean isList() {
        return this == VALUE || this == STAT || this == PREFIX || this == ITEM;
    }

    /** The number of the word that tells the length of the data behind the line, or -1 if there is none. */
    public int bytesWord() {
        return this == VALUE ? 3 : this == VA ? 1 : -1;
    }

    /** The type with that ordinal. */
    public static ReplyType at(int ordinal) {
        return ALL[ordinal];
    }

    /** The words that replies begin with, in the order of their types; a number has none of its own. */
    public static PackedNames words() {
        List<String> words = new ArrayList<>();
        for (ReplyType type : ALL) {
            words.add(type == NUMBER ? "" : type.name());
        }
        return new PackedNames(words);
    }
}
