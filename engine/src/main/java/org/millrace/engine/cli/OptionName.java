package org.millrace.engine.cli;

import java.util.Arrays;
import java.util.List;

/** twemproxy's options, and one of our own: letter, long name, and what they take. */
enum OptionName {
    HELP('h', "help", null),
    VERSION('V', "version", null),
    TEST_CONF('t', "test-conf", null),
    DAEMONIZE('d', "daemonize", null),
    DESCRIBE_STATS('D', "describe-stats", null),
    VERBOSE('v', "verbose", "a number"),
    OUTPUT('o', "output", "a file name"),
    CONF_FILE('c', "conf-file", "a file name"),
    STATS_PORT('s', "stats-port", "a number"),
    STATS_ADDR('a', "stats-addr", "a string"),
    STATS_INTERVAL('i', "stats-interval", "a number"),
    PID_FILE('p', "pid-file", "a file name"),
    REPLACE('r', "replace", null),
    MBUF_SIZE('m', "mbuf-size", "a non-zero number");

    private final char letter;
    private final String text;
    private final String takes;

    OptionName(char letter, String text, String takes) {
        this.letter = letter;
        this.text = text;
        this.takes = takes;
    }

    boolean takesValue() {
        return takes != null;
    }

    /** What to say of an option that is taken and changes nothing. */
    String unused() {
        return "option -" + letter + " (--" + text + ") has no effect: " + (this == MBUF_SIZE
            ? "buffers are taken as they are needed, up to max_memory" : "the stats are exact when they are read");
    }

    /** What it must be given and was not. */
    UsageException missing() {
        return new UsageException("option -" + letter + " requires " + takes);
    }

    /** The option of a letter; -? is -h, as twemproxy's own usage has it. */
    static OptionName of(char letter) throws UsageException {
        for (OptionName each : values()) {
            if (each.letter == (letter == '?' ? 'h' : letter)) {
                return each;
            }
        }
        throw new UsageException("invalid option -- '" + letter + "'");
    }

    /** The option of a long name, or of its beginning if no other begins so. */
    static OptionName of(String name) throws UsageException {
        List<OptionName> found = Arrays.stream(values()).filter(each -> each.text.startsWith(name)).toList();
        for (OptionName each : found) {
            if (each.text.equals(name)) {
                return each;
            }
        }
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new UsageException(found.isEmpty() ? "invalid option -- '" + name + "'"
            : "option --" + name + " may be " + String.join(" or ", found.stream().map(each -> "--" + each.text)
                .toList()));
    }
}
