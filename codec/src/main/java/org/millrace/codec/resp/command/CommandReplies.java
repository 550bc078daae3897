package org.millrace.codec.resp.command;

import java.util.Locale;
import org.agrona.DirectBuffer;

/**
 * What the proxy answers to COMMAND and its subcommands, and to every HELP: whole RESP2 replies, or elements of
 * replies, built once for a table. Immutable; the buffers are not to be written to.
 */
public final class CommandReplies {
    /** The element of a COMMAND INFO reply for a name that is unknown. */
    public static final DirectBuffer NULL_ARRAY = new RespText().array(-1).ready();

    private static final int INFO_FIELDS = 10;

    private final DirectBuffer all;
    private final DirectBuffer count;
    private final DirectBuffer list;
    private final DirectBuffer allDocs;
    private final DirectBuffer[] infoById;
    private final DirectBuffer[] docsById;
    private final DirectBuffer[] helpById;

    /** Builds the replies of a table. */
    public CommandReplies(CommandTable table) {
        final RespText infos = new RespText().array(table.count());
        final RespText names = new RespText().array(table.count());
        final RespText docs = new RespText().array(table.count() * 2);
        for (Command command : table.commands()) {
            info(infos, command);
            names.bulk(command.name());
            docs(docs, command);
        }
        all = infos.ready();
        list = names.ready();
        allDocs = docs.ready();
        count = new RespText().integer(table.count()).ready();
        infoById = new DirectBuffer[table.idCount()];
        docsById = new DirectBuffer[table.idCount()];
        helpById = new DirectBuffer[table.idCount()];
        for (int id = 0; id < table.idCount(); id++) {
            final Command command = table.byId(id);
            infoById[id] = info(new RespText(), command).ready();
            docsById[id] = docs(new RespText(), command).ready();
            helpById[id] = command.isContainer() ? helpText(command) : null;
        }
    }

    /** The replies of the table that comes with the proxy. */
    public static CommandReplies standard() {
        return Standard.REPLIES;
    }

    /** The reply to COMMAND, and to COMMAND INFO without a name. */
    public DirectBuffer all() {
        return all;
    }

    /** The reply to COMMAND COUNT. */
    public DirectBuffer count() {
        return count;
    }

    /** The reply to COMMAND LIST without a filter. */
    public DirectBuffer list() {
        return list;
    }

    /** The reply to COMMAND DOCS without a name. */
    public DirectBuffer allDocs() {
        return allDocs;
    }

    /** The element of one command in a reply to COMMAND INFO. */
    public DirectBuffer info(Command command) {
        return infoById[command.id()];
    }

    /** The two elements (name, documentation) of one command in a reply to COMMAND DOCS. */
    public DirectBuffer docs(Command command) {
        return docsById[command.id()];
    }

    /** The reply to HELP of a container; null if the command is none. */
    public DirectBuffer help(Command container) {
        return helpById[container.id()];
    }

    /**
     * One command as Redis 7 tells it. ACL categories, tips and key specifications stay empty: clients read the first
     * six fields.
     */
    private static RespText info(RespText out, Command command) {
        final KeySpec keys = command.keySpec();
        out.array(INFO_FIELDS).bulk(command.name()).integer(command.arity());
        out.array(Integer.bitCount(command.flags()));
        for (CommandFlag flag : CommandFlag.values()) {
            if (command.is(flag)) {
                out.status(flag.text());
            }
        }
        out.integer(keys.first()).integer(keys.last()).integer(keys.step());
        out.array(0).array(0).array(0);
        out.array(command.subcommands().size());
        for (Command sub : command.subcommands()) {
            info(out, sub);
        }
        return out;
    }

    private static RespText docs(RespText out, Command command) {
        out.bulk(command.name());
        final boolean container = command.isContainer();
        out.array(container ? 6 : 4);
        out.bulk("summary").bulk(summary(command));
        out.bulk("group").bulk(command.group());
        if (container) {
            out.bulk("subcommands").array(command.subcommands().size() * 2);
            for (Command sub : command.subcommands()) {
                docs(out, sub);
            }
        }
        return out;
    }

    private static DirectBuffer helpText(Command container) {
        final String title = container.name().toUpperCase(Locale.ROOT);
        final RespText out = new RespText().array(1 + 2 * container.subcommands().size());
        out.status(title + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
        for (Command sub : container.subcommands()) {
            out.status(sub.name().substring(title.length() + 1).toUpperCase(Locale.ROOT));
            out.status("    " + summary(sub));
        }
        return out.ready();
    }

    private static String summary(Command command) {
        final Treatment treatment = command.treatment();
        if (treatment == Treatment.REFUSE) {
            return "Not supported by this proxy: " + command.reason() + ".";
        }
        return treatment.summary();
    }

    /** Built on first use. */
    private static final class Standard {
        static final CommandReplies REPLIES = new CommandReplies(CommandTable.standard());
    }
}
