package org.millrace.perf.load;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** How often each command comes, as {@code get=70,set=20,mget=10}: whole weights of any sum. Immutable. */
public final class Mix {
    /** Three reads for a write, in any protocol. */
    public static final String DEFAULT = "get=75,set=25";

    private static final int MAX_WEIGHT = 1_000_000;

    private final String text;
    private final LoadCommand[] commands;
    private final int[] cumulative;

    private Mix(String text, LoadCommand[] commands, int[] cumulative) {
        this.text = text;
        this.commands = commands;
        this.cumulative = cumulative;
    }

    /** A mix for Redis. */
    public static Mix parse(String text) {
        return parse(LoadProtocol.REDIS, text);
    }

    /**
     * Reads the text form; a command without a weight counts 1.
     *
     * @throws IllegalArgumentException if a command is unknown or a weight is not a number from 1 to a million
     */
    public static Mix parse(LoadProtocol protocol, String text) {
        String[] parts = text.split(",", -1);
        LoadCommand[] commands = new LoadCommand[parts.length];
        int[] cumulative = new int[parts.length];
        int sum = 0;
        for (int i = 0; i < parts.length; i++) {
            String[] pair = parts[i].trim().split("=", 2);
            commands[i] = command(protocol, pair[0]);
            sum += pair.length == 1 ? 1 : weight(parts[i], pair[1]);
            cumulative[i] = sum;
        }
        return new Mix(text, commands, cumulative);
    }

    /** Those that come at all, each once, in the order of their protocol. */
    List<LoadCommand> commands() {
        return Arrays.stream(commands).distinct().sorted(Comparator.comparingInt(LoadCommand::ordinal)).toList();
    }

    boolean isOf(LoadProtocol protocol) {
        return protocol.commands().containsAll(commands());
    }

    LoadCommand pick(Mixer random) {
        if (commands.length == 1) {
            return commands[0];
        }
        int drawn = random.nextInt(cumulative[cumulative.length - 1]);
        int i = 0;
        while (drawn >= cumulative[i]) {
            i++;
        }
        return commands[i];
    }

    @Override
    public String toString() {
        return text;
    }

    private static LoadCommand command(LoadProtocol protocol, String name) {
        StringBuilder known = new StringBuilder();
        for (LoadCommand command : protocol.commands()) {
            if (command.lowerName().equals(name.toLowerCase(Locale.ROOT))) {
                return command;
            }
            known.append(known.isEmpty() ? "" : ", ").append(command.lowerName());
        }
        throw new IllegalArgumentException("no command \"" + name + "\" for a mix of " + protocol.lowerName()
            + "; there are " + known);
    }

    private static int weight(String part, String weight) {
        try {
            int value = Integer.parseInt(weight);
            if (value >= 1 && value <= MAX_WEIGHT) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below with the text around it.
        }
        throw new IllegalArgumentException("\"" + part + "\": the weight must be a whole number from 1 to "
            + MAX_WEIGHT);
    }
}
