package org.millrace.codec.memcached.command;

/** The kinds of commands, as {@code protocol.txt} parts them. */
public enum Family {
    /** get, gets, gat, gats: many keys, values up to END. */
    RETRIEVE,
    /** set, add, replace, append, prepend, cas: a line and a data block. */
    STORE,
    /** incr, decr, touch, delete: one line about one key. */
    CHANGE,
    /** mg, ms, md, ma, me, mn: one key and flags. */
    META,
    /** What is about a server, not about a key. */
    ADMIN
}
