package org.millrace.codec.memcached;

import java.util.Random;

/** Random commands over a few keys, so that they hit and miss. */
final class RandomCommands {
    private static final String[] STORES = {"set", "add", "replace", "append", "prepend"};
    private static final String[] NUMBERS = {"0", "1", "5", "007", "100"};
    private static final String[] EXPTIMES = {"0", "0", "100", "-1", "1700000000", "99999999999"};
    private static final String[] META_SET = {"T0", "T-1", "F5", "I", "c", "k", "Oabc", "MS", "ME", "MA", "C1",
        "b", "Z"};
    private static final String[] META_GET = {"v", "v", "k", "Oxy", "t", "s", "c", "f", "h", "l", "u", "N30",
        "R30", "T30", "P",
        "Lx", "v", "%"};
    private static final String[] META_CHANGE = {"k", "O1", "C5", "I", "T9", "b", "v", "N0", "J7", "D3", "MD",
        "MI", "M?", "t", "c"};

    private final Random random;
    private final boolean quiet;
    private final String longKey;

    /** With or without commands that may be answered by nothing; one of the keys has so many bytes. */
    RandomCommands(Random random, boolean quiet, int longKeyLength) {
        this.random = random;
        this.quiet = quiet;
        this.longKey = "k".repeat(longKeyLength);
    }

    /** One command as a client should write it. */
    String good() {
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> get();
            case 3, 4, 5 -> store();
            case 6 -> "cas " + key() + " 3 0 2 " + pick("1", "18446744073709551615") + noreply() + end() + "42\r\n";
            case 7 -> pick("incr ", "decr ") + key() + " " + pick(NUMBERS) + noreply() + end();
            case 8 -> "touch " + key() + " " + pick(EXPTIMES) + noreply() + end();
            case 9 -> "delete " + key() + pick("", "", " 0") + noreply() + end();
            case 10 -> "mg " + key() + flags(META_GET) + end();
            case 11 -> metaSet();
            case 12 -> pick("md ", "ma ") + key() + flags(META_CHANGE) + end();
            case 13 -> "me " + key() + end();
            case 14 -> pick("mn", "version", "stats items", "stats slabs", "stats", "verbosity 0", "stats detail dump",
                "stats reset", "flush_all 1000") + end();
            default -> pick("gat ", "gats ") + pick(EXPTIMES) + " " + key() + " " + key() + end();
        };
    }

    /** One command that memcached refuses, alone on its line. */
    String bad() {
        return switch (random.nextInt(12)) {
            case 0 -> pick("", " ", "x", "foo bar", "GET a", "gett a", "mx", "mgg a", "set", "get", "gets", "gat",
            "incr a",
                "decr", "touch a", "delete", "verbosity", "cas a 0 0", "mg", "md", "ma", "me", "ms",
            "flush_all 1 2 3") + end();
            case 1 -> pick("get ", "gets ", "gats 0 a ", "mg ", "md ", "ma ", "me ", "incr ", "touch ")
                + "k".repeat(251) + pick("", " 5") + end();
            case 2 -> pick("mg ", "md ", "ma ") + key() + " k".repeat(19) + end();
            case 3 -> pick("incr ", "decr ") + key() + " " + pick("x", "-1", "1x", "noreply", "") + noreply() + end();
            case 4 -> "touch " + key() + " " + pick("x", "1.5", "noreply") + noreply() + end();
            case 5 -> "delete " + pick(key() + " 5", key() + " noreply 0", key() + " 0 0", "k".repeat(251)) + noreply()
                + end();
            case 6 -> pick("verbosity x", "flush_all x", "gat x " + key(), "stats foo", "stats detail",
            "stats cachedump") + end();
            case 7 -> pick(STORES) + " " + key() + " 0 0 " + pick("x", "1x", "noreply", "0x5",
            "--") + noreply() + end();
            case 8 -> "ms " + key() + pick("", " x", " S5") + end();
            case 9 -> pick(STORES) + " " + key() + pick(" x 0 4", " 0 x 4", " -1 0 4") + noreply() + "\r\nabcd\r\n";
            case 10 -> pick(STORES) + " " + "k".repeat(251) + " 0 0 4" + noreply() + "\r\nabcd\r\n";
            default -> "ms " + key() + " 4" + " c".repeat(17) + "\r\nabcd\r\n";
        };
    }

    /** A storage command whose data is longer or shorter than it says. */
    String badData() {
        return pick(STORES) + " " + key() + " 0 0 4" + noreply() + "\r\n" + pick("abcdefgh", "abcde", "ab\r\n") + end();
    }

    private String get() {
        StringBuilder line = new StringBuilder(pick("get", "gets"));
        for (int i = random.nextInt(random.nextInt(5) == 0 ? 60 : 4); i >= 0; i--) {
            line.append(random.nextInt(9) == 0 ? "  " : " ").append(key());
        }
        return line.append(pick("", "", " ")).append(end()).toString();
    }

    private String store() {
        String data = data();
        return pick(STORES) + " " + key() + " " + pick("0", "1",
            "4294967295") + " " + pick(EXPTIMES) + " " + data.length()
            + noreply() + end() + data + "\r\n";
    }

    private String metaSet() {
        String data = data();
        return "ms " + key() + " " + data.length() + flags(META_SET) + end() + data + "\r\n";
    }

    private String flags(String[] known) {
        StringBuilder flags = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            flags.append(' ').append(pick(known));
        }
        return flags.append(quiet && random.nextInt(3) == 0 ? " q" : "").toString();
    }

    private String data() {
        return random.nextInt(8) == 0 ? pick("END\r\n", "\r\n", "VALUE a 0 1\r\n", "42", "get a\r\n")
            : random.nextInt(20) == 0 ? "z".repeat(20_000 + random.nextInt(40_000)) : "v".repeat(random.nextInt(60));
    }

    private String key() {
        return pick("a", "b", "c", "key:0001", "Zm9v", longKey, "\u00e9");
    }

    private String noreply() {
        return quiet && random.nextInt(4) == 0 ? " noreply" : "";
    }

    private String end() {
        return random.nextInt(9) == 0 ? "\n" : "\r\n";
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
