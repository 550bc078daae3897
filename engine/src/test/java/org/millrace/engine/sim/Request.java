package org.millrace.engine.sim;

import java.util.List;

/**
 * A request that a client has sent.
 *
 * @param kind  what is to come back
 * @param words the command
 * @param reply the exact reply, for {@link Kind#EXACT}; how an error begins, for {@link Kind#ERROR}
 */
record Request(Kind kind, List<String> words, String reply) {
    /** What is to come back. */
    enum Kind {
        /** A server's answer, which the model of the client's keys knows. */
        FORWARDED,
        /** The proxy's own answer. */
        EXACT,
        /** The proxy's refusal. */
        ERROR,
        /** OK, then the end. */
        QUIT,
        /** A protocol error, then the end. */
        BROKEN
    }

    static Request forwarded(List<String> words) {
        return new Request(Kind.FORWARDED, words, null);
    }

    boolean ends() {
        return kind == Kind.QUIT || kind == Kind.BROKEN;
    }

    @Override
    public String toString() {
        String text = words.toString();
        return text.length() > 100 ? text.substring(0, 100) + "..." : text;
    }
}
