package org.millrace.codec.memcached.command;

import java.util.Locale;

/** What a word of a command can be, beside its name and its keys. */
public enum Field {
    /** The client's own flags, stored with the value. */
    FLAGS,
    /** When the item expires: seconds, or a time since 1970; negative is at once. */
    EXPTIME,
    /** Length of the data block behind the line. */
    BYTES,
    /** The unique number that the item must still have. */
    CAS,
    /** What incr and decr add or take away. */
    DELTA,
    /** How much a server logs. */
    LEVEL,
    /** The first meta flag. */
    OPTIONS,
    /** The first word that may be {@code noreply} if it is the last. */
    NOREPLY;

    /** The field of a name in the table, or null. */
    static Field of(String name) {
        for (Field field : values()) {
            if (field.name().toLowerCase(Locale.ROOT).equals(name)) {
                return field;
            }
        }
        return null;
    }
}
