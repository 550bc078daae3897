package org.millrace.engine.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The options of a command that has only a few of its own: each letter takes a value, and there are no other words. */
final class Words {
    private final Map<String, String> values = new HashMap<>();

    /**
     * Reads them.
     *
     * @param names of options that take a value: letter, then long name, such as {@code c conf-file}
     */
    Words(String command, List<String> args, String... names) throws UsageException {
        for (int i = 0; i < args.size(); i++) {
            String letter = letter(args.get(i), names);
            if (letter == null) {
                throw new UsageException(command + ": unknown option or word: " + args.get(i));
            }
            if (i + 1 == args.size() || args.get(i + 1).isEmpty()) {
                throw new UsageException(command + ": option " + args.get(i) + " requires a value");
            }
            values.put(letter, args.get(++i));
        }
    }

    private static String letter(String arg, String... names) {
        for (String name : names) {
            String letter = name.substring(0, 1);
            if (arg.equals("-" + letter) || arg.equals("--" + name.substring(2))) {
                return letter;
            }
        }
        return null;
    }

    /** The value of an option, or null. */
    String get(String letter) {
        return values.get(letter);
    }
}
