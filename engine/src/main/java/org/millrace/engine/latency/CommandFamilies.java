package org.millrace.engine.latency;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Which kind of command each one of a protocol is. Immutable. */
public final class CommandFamilies {
    /** Of commands that are in no table. */
    public static final String UNKNOWN = "unknown";

    private final List<String> names = new ArrayList<>();
    private final byte[] byCommand;

    /**
     * Of a table of commands.
     *
     * @param commands how many there are
     * @param family   the family of each, by its number
     */
    public CommandFamilies(int commands, IntFunction<String> family) {
        names.add(UNKNOWN);
        byCommand = new byte[commands];
        for (int i = 0; i < commands; i++) {
            String name = family.apply(i);
            int known = names.indexOf(name);
            if (known < 0) {
                known = names.size();
                names.add(name);
            }
            byCommand[i] = (byte) known;
        }
    }

    /** The family of a command; negative ones are unknown. */
    public byte of(int command) {
        return command >= 0 && command < byCommand.length ? byCommand[command] : 0;
    }

    int count() {
        return names.size();
    }

    /** The name of a family. */
    public String name(int family) {
        return names.get(family);
    }
}
