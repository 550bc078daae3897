package org.millrace.perf.check;

/** The commands of a check with how often each comes. */
public enum CheckCommand {
    /** Writes a string. */
    SET(20),
    /** Reads a string. */
    GET(20),
    /** Swaps a string. */
    GETSET(4),
    /** Appends to a string. */
    APPEND(5),
    /** Length of a string. */
    STRLEN(4),
    /** Reads up to 20 strings, some of them twice. */
    MGET(6),
    /** Writes up to 10 strings, the last of repeated keys wins. */
    MSET(4),
    /** Removes up to 5 strings. */
    DEL(4),
    /** Counts which of up to 8 strings are there, repeated ones each time. */
    EXISTS(4),
    /** Counts up. */
    INCR(6),
    /** INCR on a string that is no number: the server's error must come to its own request. */
    INCR_TEXT(1),
    /** Pushes to a list. */
    LPUSH(4),
    /** Reads a range of a list. */
    LRANGE(4),
    /** LPUSH on a string: an error again. */
    LPUSH_TEXT(1),
    /** Sets a field. */
    HSET(4),
    /** Reads a hash; the order of its fields is free. */
    HGETALL(3),
    /** Needs no server. */
    PING(2),
    /** Needs no server and comes back. */
    ECHO(2),
    /** A script with one key. */
    EVAL(2);

    private final int weight;

    CheckCommand(int weight) {
        this.weight = weight;
    }

    int weight() {
        return weight;
    }
}
