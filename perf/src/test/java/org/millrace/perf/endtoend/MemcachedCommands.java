package org.millrace.perf.endtoend;

import java.util.Random;

/**
 * Random requests over few keys, so that they meet: every command that a server answers the same whoever asks, with all
 * its fields and flags, right and wrong. Only storage commands have no wrong line: memcached 1.6.18 takes the data
 * behind it for commands, which the proxy never lets happen; and no get has a key that is too long, to which it drops
 * replies that are due before it. And ma with q makes no items, which it would answer, unlike any other quiet success.
 */
final class MemcachedCommands {
    private static final String[] STORES = {"set", "add", "replace", "append", "prepend"};
    private static final String[] GET_FLAGS = {"v", "k", "s", "f", "t", "O77", "c", "T6000",
        "N3000", "q", "b", "h", "l"};
    private static final String[] SET_FLAGS = {"T3000", "F5", "O9", "k", "q", "ME",
        "MA", "MP", "MR", "MS", "C1", "I", "b"};
    private static final String[] DELETE_FLAGS = {"q", "k", "O3", "I", "T1000", "C2"};
    private static final String[] COUNT_FLAGS = {"v", "q", "k", "MI", "MD", "D5", "O1", "t"};

    /** Asks for all that there can be. */
    static final String ALL = "gets a b c d e k\u00e9y " + "x".repeat(250) + "\r\n";

    private final Random random;

    MemcachedCommands(long seed) {
        random = new Random(seed);
    }

    /** A request with its data and line ends. */
    String next() {
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> store(one(STORES) + ' ' + key() + ' ' + one("0", "1", "42") + ' ' + exptime(), "");
            case 3 -> store("cas " + key() + " 0 0", " " + random.nextInt(9));
            case 4 -> one("get", "gets") + ' ' + keys() + "\r\n";
            case 5 -> one("gat", "gats") + ' ' + exptime() + ' ' + keys() + "\r\n";
            case 6 -> count();
            case 7 -> "touch " + key() + ' ' + exptime() + noreply() + "\r\n";
            case 8 -> "delete " + key() + one("", " 0", " 1") + noreply() + "\r\n";
            case 9, 10 -> "mg " + key() + flags(GET_FLAGS) + "\r\n";
            case 11 -> metaSet();
            case 12 -> "md " + key() + flags(DELETE_FLAGS) + "\r\n";
            case 13 -> "ma " + one("n", "m") + (random.nextInt(3) == 0 ? " N0 J7" : flags(COUNT_FLAGS)) + "\r\n";
            case 14 -> one("mn", "version", "verbosity 0", "flush_all 10000", "me nothing", "verbosity 0 noreply")
                + "\r\n";
            default -> one("foo", "", "get", "set a", "incr a", "touch", "mg", "GET a", "touch "
                + "k".repeat(251) + " 1", "delete", "decr a b c d") + "\r\n";
        };
    }

    /**
     * A server counts in place or makes a new item, as it comes: that depends on whether a reply that holds the item
     * has left, and shows by blanks behind the number and by flags. So only items are counted that nobody reads.
     */
    private String count() {
        return switch (random.nextInt(4)) {
            case 0 -> "set n 0 0 3\r\n500\r\n";
            case 1 -> "decr n " + one("1", "200", "18446744073709551615", "-1", "x") + noreply() + "\r\n";
            case 2 -> "ma n MD D7 v" + one("", " q", " O2") + "\r\n";
            default -> "incr " + one("n", "m", "none") + ' ' + one("0", "1", "42", "-1", "x") + noreply() + "\r\n";
        };
    }

    private String metaSet() {
        String data = data();
        return "ms " + key() + ' ' + data.length() + flags(SET_FLAGS) + "\r\n" + data + "\r\n";
    }

    private String store(String start, String end) {
        String data = data();
        return start + ' ' + data.length() + end + noreply() + "\r\n" + data + "\r\n";
    }

    private String data() {
        return switch (random.nextInt(8)) {
            case 0 -> "";
            case 1 -> Integer.toString(random.nextInt(1000));
            case 2 -> "x".repeat(random.nextInt(40_000));
            default -> "v\r\nEND\r\n".repeat(random.nextInt(4)) + random.nextInt(100);
        };
    }

    private String key() {
        return one("a", "b", "c", "d", "e", "k\u00e9y", "x".repeat(250));
    }

    private String keys() {
        StringBuilder keys = new StringBuilder(key());
        for (int i = random.nextInt(5); i > 0; i--) {
            keys.append(one(" ", "  ")).append(key());
        }
        return keys.append(one("", " ")).toString();
    }

    private String exptime() {
        return one("0", "0", "10000", "-1", "2147483647");
    }

    private String noreply() {
        return random.nextInt(4) == 0 ? " noreply" : "";
    }

    private String flags(String[] known) {
        StringBuilder flags = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            flags.append(' ').append(one(known));
        }
        return flags.toString();
    }

    private String one(String... words) {
        return words[random.nextInt(words.length)];
    }
}
