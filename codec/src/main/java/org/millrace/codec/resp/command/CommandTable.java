package org.millrace.codec.resp.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agrona.DirectBuffer;

/** All commands that the proxy knows. Immutable, shared by all threads. */
public final class CommandTable {
    private final List<Command> commands;
    private final Command[] byIndex;
    private final Command[] byId;
    private final NameTable names;
    private final Map<String, Command> byName = new HashMap<>();

    CommandTable(List<CommandRow> rows) {
        final Map<String, List<CommandRow>> subRows = new HashMap<>();
        final List<CommandRow> topRows = new ArrayList<>();
        for (CommandRow row : rows) {
            if (row.container() == null) {
                topRows.add(row);
            } else {
                subRows.computeIfAbsent(row.container(), key -> new ArrayList<>()).add(row);
            }
        }
        final List<Command> all = new ArrayList<>();
        final List<Command> top = new ArrayList<>();
        int id = 0;
        for (CommandRow row : topRows) {
            final List<Command> subs = new ArrayList<>();
            final int own = id++;
            final List<CommandRow> mine = subRows.remove(row.name());
            if (mine != null) {
                for (CommandRow sub : mine) {
                    subs.add(new Command(id++, sub, List.of()));
                }
            }
            final Command command = new Command(own, row, subs);
            top.add(command);
            all.add(command);
            all.addAll(subs);
        }
        if (!subRows.isEmpty()) {
            throw new IllegalArgumentException("subcommands of no container: " + subRows.keySet());
        }
        commands = List.copyOf(top);
        byIndex = top.toArray(new Command[0]);
        byId = all.toArray(new Command[0]);
        names = new NameTable(top.stream().map(Command::name).toList());
        for (Command command : all) {
            byName.put(command.name(), command);
        }
    }

    /** The table that comes with the proxy. */
    public static CommandTable standard() {
        return Standard.TABLE;
    }

    /** The command of that name in any case, or null. Allocates nothing. */
    public Command find(DirectBuffer buffer, int offset, int length) {
        final int index = names.find(buffer, offset, length);
        return index < 0 ? null : byIndex[index];
    }

    /** The subcommand of that name in any case, or null. Allocates nothing. */
    public Command findSub(Command container, DirectBuffer buffer, int offset, int length) {
        return container.findSub(buffer, offset, length);
    }

    /** The command of that name in any case, a subcommand written {@code client|setname}; or null. */
    public Command byName(String name) {
        return byName.get(name.toLowerCase(Locale.ROOT));
    }

    /** The command with that {@link Command#id()}. */
    public Command byId(int id) {
        return byId[id];
    }

    /** All commands without subcommands, in the order of the table. */
    public List<Command> commands() {
        return commands;
    }

    /** Number of commands without subcommands, as COMMAND COUNT tells it. */
    public int count() {
        return commands.size();
    }

    /** Number of commands and subcommands: every {@link Command#id()} is below it. */
    public int idCount() {
        return byId.length;
    }

    /** Read on first use. */
    private static final class Standard {
        static final CommandTable TABLE = new CommandTable(CommandTableReader.readResource());
    }
}
