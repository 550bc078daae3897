package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** One sub-command. */
interface Command {
    /** Everything went well. */
    int OK = 0;
    /** It could not begin: wrong arguments, no target, a port in use. */
    int CANNOT_START = 1;
    /** It ran, and a request failed or a reply was wrong. */
    int FAILED = 2;

    /** What it is called. */
    String name();

    /** What it does, in a line. */
    String summary();

    /** How to call it, with examples; the options follow. */
    String usage();

    /** What it understands. */
    List<Option> options();

    /**
     * Runs it.
     *
     * @return one of the codes above
     * @throws IOException    if it could not start; the message is for the user
     * @throws UsageException if the arguments are wrong
     */
    int run(List<String> args, PrintStream out, GracefulExit exit) throws IOException, InterruptedException;

    /** The exit code when it could not start. */
    default int cannotStart() {
        return CANNOT_START;
    }

    /** The whole help text. */
    default String help() {
        StringBuilder text = new StringBuilder(usage());
        int width = 0;
        for (Option option : options()) {
            width = Math.max(width, label(option).length());
        }
        if (!options().isEmpty()) {
            text.append("\nOptions\n");
        }
        for (Option option : options()) {
            text.append("  ").append(label(option)).repeat(' ', width - label(option).length() + 2)
                .append(option.help()).append('\n');
        }
        return text.toString();
    }

    private static String label(Option option) {
        return "--" + option.name() + (option.isSwitch() ? "" : ' ' + option.value());
    }
}
