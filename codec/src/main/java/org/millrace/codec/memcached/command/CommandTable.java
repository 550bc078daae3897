package org.millrace.codec.memcached.command;

import java.util.List;
import org.agrona.DirectBuffer;

/** All commands that the proxy knows. Immutable, shared by all threads. */
public final class CommandTable {
    private final List<Command> commands;
    private final Command[] byId;
    private final PackedNames names;

    CommandTable(List<CommandRow> rows) {
        byId = new Command[rows.size()];
        for (int id = 0; id < byId.length; id++) {
            byId[id] = new Command(id, rows.get(id));
        }
        commands = List.of(byId);
        names = new PackedNames(rows.stream().map(CommandRow::name).toList());
    }

    /** The table that comes with the proxy. */
    public static CommandTable standard() {
        return Standard.TABLE;
    }

    /** The command of exactly that name, or null. Allocates nothing. */
    public Command find(DirectBuffer buffer, int offset, int length) {
        if (length > PackedNames.LENGTH_MAX) {
            return null;
        }
        long low = 0;
        long high = 0;
        for (int i = 0; i < length; i++) {
            long packed = PackedNames.pack(buffer.getByte(offset + i), i);
            low |= i < 8 ? packed : 0;
            high |= i < 8 ? 0 : packed;
        }
        int id = names.find(low, high, length);
        return id < 0 ? null : byId[id];
    }

    /** The command of exactly that name, or null; off the data path. */
    public Command byName(String name) {
        for (Command command : byId) {
            if (command.name().equals(name)) {
                return command;
            }
        }
        return null;
    }

    /** The command with that {@link Command#id()}. */
    public Command byId(int id) {
        return byId[id];
    }

    /** All commands in the order of the table. */
    public List<Command> commands() {
        return commands;
    }

    /** Number of commands: every {@link Command#id()} is below it. */
    public int idCount() {
        return byId.length;
    }

    /** The names; the index of each is its command's id. */
    public PackedNames names() {
        return names;
    }

    /** Read on first use. */
    private static final class Standard {
        static final CommandTable TABLE = new CommandTable(CommandTableReader.readResource());
    }
}
