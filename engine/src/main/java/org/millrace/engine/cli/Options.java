package org.millrace.engine.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millrace.engine.control.EventLog;

/**
 * The server's options, in twemproxy's letters and with its checks, read as getopt_long reads them: letters together,
 * values behind them or after them, long names cut short.
 *
 * @param flags        those given that take no value
 * @param confFile     -c
 * @param verbose      -v, 0 to 11
 * @param output       -o, null for standard error
 * @param statsAddress -a
 * @param statsPort    -s, 0 for none
 * @param pidFile      -p, null for none
 * @param unused       those given that have no effect here
 * @param words        what is no option, and ignored
 */
record Options(Set<OptionName> flags, String confFile, int verbose, String output, String statsAddress, int statsPort,
    String pidFile, Set<OptionName> unused, List<String> words) {
    private static final int MBUF_MIN = 512;
    private static final int MBUF_MAX = 16777216;

    /** True if a flag was given. */
    boolean has(OptionName flag) {
        return flags.contains(flag);
    }

    static Options parse(String... args) throws UsageException {
        Map<OptionName, String> values = new EnumMap<>(OptionName.class);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            if (arg.equals("--")) {
                words.addAll(List.of(args).subList(i + 1, args.length));
                break;
            } else if (!arg.startsWith("-") || arg.equals("-")) {
                words.add(arg);
                continue;
            }
            String next = i + 1 < args.length ? args[i + 1] : null;
            boolean taken = arg.startsWith("--") ? takeName(arg.substring(2), next, values)
                : takeLetters(arg, next, values);
            i += taken ? 1 : 0;
        }
        return of(values, words);
    }

    /** Takes {@code name} or {@code name=value}; true if the value was the next word. */
    private static boolean takeName(String arg, String next, Map<OptionName, String> values) throws UsageException {
        int equals = arg.indexOf('=');
        OptionName option = OptionName.of(equals < 0 ? arg : arg.substring(0, equals));
        if (!option.takesValue()) {
            if (equals >= 0) {
                throw new UsageException("option --" + arg.substring(0, equals) + " takes no value");
            }
            values.put(option, "");
            return false;
        }
        values.put(option, check(option, equals < 0 ? next : arg.substring(equals + 1)));
        return equals < 0;
    }

    /** Takes one letter or more, the last with its value, if it has one; true if that was the next word. */
    private static boolean takeLetters(String arg, String next, Map<OptionName, String> values) throws UsageException {
        for (int i = 1; i < arg.length(); i++) {
            OptionName option = OptionName.of(arg.charAt(i));
            if (option.takesValue()) {
                boolean behind = i + 1 < arg.length();
                values.put(option, check(option, behind ? arg.substring(i + 1) : next));
                return !behind;
            }
            values.put(option, "");
        }
        return false;
    }

    private static String check(OptionName option, String value) throws UsageException {
        if (value == null || value.isEmpty()) {
            throw option.missing();
        }
        switch (option) {
            case VERBOSE, STATS_INTERVAL -> number(option, value);
            case STATS_PORT -> {
                if (number(option, value) > 65535) {
                    throw new UsageException("option -s value " + value + " is not a valid port");
                }
            }
            case MBUF_SIZE -> {
                int size = number(option, value);
                if (size == 0) {
                    throw option.missing();
                }
                if (size < MBUF_MIN || size > MBUF_MAX) {
                    throw new UsageException("mbuf chunk size must be between " + MBUF_MIN + " and " + MBUF_MAX
                        + " bytes");
                }
            }
            default -> {
                return value;
            }
        }
        return value;
    }

    /** Digits; so many that they are beyond any limit count as the largest number. */
    private static int number(OptionName option, String value) throws UsageException {
        if (!value.matches("[0-9]+")) {
            throw option.missing();
        }
        return value.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(value);
    }

    private static Options of(Map<OptionName, String> values, List<String> words) throws UsageException {
        Set<OptionName> flags = EnumSet.noneOf(OptionName.class);
        values.keySet().stream().filter(option -> !option.takesValue()).forEach(flags::add);
        Set<OptionName> unused = EnumSet.of(OptionName.STATS_INTERVAL, OptionName.MBUF_SIZE);
        unused.retainAll(values.keySet());
        if (flags.contains(OptionName.REPLACE) && !values.containsKey(OptionName.PID_FILE)) {
            throw new UsageException("option -r (--replace) needs -p: the pid file tells which process to take over"
                + " from");
        }
        String verbose = values.getOrDefault(OptionName.VERBOSE, Integer.toString(EventLog.DEFAULT_LEVEL));
        return new Options(flags, values.getOrDefault(OptionName.CONF_FILE, "conf/nutcracker.yml"),
            Math.min(number(OptionName.VERBOSE, verbose), EventLog.MAX_LEVEL), values.get(OptionName.OUTPUT),
            values.getOrDefault(OptionName.STATS_ADDR, "0.0.0.0"),
            number(OptionName.STATS_PORT, values.getOrDefault(OptionName.STATS_PORT, "22222")),
            values.get(OptionName.PID_FILE), unused, words);
    }
}
