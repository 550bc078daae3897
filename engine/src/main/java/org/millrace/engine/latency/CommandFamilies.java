package org.millrace.engine.latency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** What there is to know of the commands of a protocol when their times are recorded. Immutable. */
public final class CommandFamilies {
    /** Of commands that are in no table. */
    public static final String UNKNOWN = "unknown";

    private final List<String> names = new ArrayList<>();
    private final byte[] byCommand;
    private final String[] commandNames;
    private final boolean[] keyFirst;

    /**
     * Of a table of commands.
     *
     * @param commands how many there are
     * @param family   the family of each, by its number
     * @param command  its name
     * @param key      whether the word behind it is always a key
     */
    public CommandFamilies(int commands, IntFunction<String> family, IntFunction<String> command, IntPredicate key) {
        names.add(UNKNOWN);
        byCommand = new byte[commands];
        commandNames = new String[commands];
        Arrays.setAll(commandNames, command);
        keyFirst = new boolean[commands];
        for (int i = 0; i < commands; i++) {
            String name = family.apply(i);
            int known = names.indexOf(name);
            if (known < 0) {
                known = names.size();
                names.add(name);
            }
            byCommand[i] = (byte) known;
            keyFirst[i] = key.test(i);
        }
    }

    /** The family of a command; negative ones are unknown. */
    public byte of(int command) {
        return command >= 0 && command < byCommand.length ? byCommand[command] : 0;
    }

    /** The name of a command. */
    public String command(int command) {
        return command >= 0 && command < commandNames.length ? commandNames[command] : UNKNOWN;
    }

    /** The family of a command by its name, in lower case; null if there is no such command. */
    public String familyOf(String command) {
        int known = Arrays.asList(commandNames).indexOf(command);
        return known < 0 ? null : names.get(byCommand[known]);
    }

    /** True if the word behind the command is always a key. */
    public boolean beginsWithKey(int command) {
        return command >= 0 && command < keyFirst.length && keyFirst[command];
    }

    int count() {
        return names.size();
    }

    /** The name of a family. */
    public String name(int family) {
        return names.get(family);
    }
}
