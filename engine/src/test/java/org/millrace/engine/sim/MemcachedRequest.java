package org.millrace.engine.sim;

import java.util.List;

/**
 * A request of the text protocol.
 *
 * @param kind  what is to come back
 * @param words of its line, for those that go to a server
 * @param data  of its block, or null
 * @param text  as it is sent
 * @param reply the exact line, for {@link Kind#EXACT}; how it begins, for {@link Kind#BROKEN}
 */
record MemcachedRequest(Kind kind, List<String> words, String data, String text, String reply) {
    /** What is to come back. */
    enum Kind {
        /** A server's answer, which the model of the client's keys knows. */
        FORWARDED,
        /** OK of all servers. */
        VERBOSITY,
        /** The sum of all servers. */
        STATS,
        /** The proxy's own answer. */
        EXACT,
        /** Nothing at all, and perhaps the end. */
        NOTHING,
        /** A protocol error, then the end. */
        BROKEN
    }

    static MemcachedRequest forwarded(List<String> words, String data) {
        return new MemcachedRequest(Kind.FORWARDED, words, data, text(words, data), null);
    }

    static MemcachedRequest exact(String text, String reply) {
        return new MemcachedRequest(Kind.EXACT, List.of(), null, text, reply);
    }

    static MemcachedRequest nothing(String text) {
        return new MemcachedRequest(Kind.NOTHING, List.of(), null, text, null);
    }

    private static String text(List<String> words, String data) {
        return String.join(" ", words) + "\r\n" + (data == null ? "" : data + "\r\n");
    }

    String command() {
        return words.isEmpty() ? "" : words.getFirst();
    }

    String key() {
        return words.get(1);
    }

    /** No reply comes, whatever happens. */
    boolean isSilent() {
        return kind == Kind.NOTHING || !words.isEmpty() && words.getLast().equals("noreply");
    }

    /** The usual reply is kept back; whatever is to be told brings the opaque, or is a failure. */
    boolean isQuiet() {
        return isMeta() && words.indexOf("q") > 1;
    }

    private boolean isMeta() {
        return command().length() == 2 && command().charAt(0) == 'm';
    }

    /** A meta flag without its letter; null if the request does not have it. */
    String flag(char letter) {
        for (int i = command().equals("ms") ? 3 : 2; isMeta() && i < words.size(); i++) {
            if (words.get(i).charAt(0) == letter) {
                return words.get(i).substring(1);
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return text.length() > 100 ? text.substring(0, 100).replace("\r\n", "|") + "..." : text.replace("\r\n", "|");
    }
}
