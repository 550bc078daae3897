package org.millrace.engine.resp;

import org.millrace.codec.resp.command.Command;
import org.millrace.codec.resp.command.CommandQueries;
import org.millrace.codec.resp.command.CommandReplies;
import org.millrace.codec.resp.command.CommandTable;

/** COMMAND and its subcommands, answered from the command table. */
final class CommandCommands {
    private CommandCommands() {
    }

    static void register(LocalCommands table) {
        CommandReplies replies = CommandReplies.standard();
        CommandQueries queries = new CommandQueries(CommandTable.standard(), replies);
        table.put("command", call -> call.reply(replies.all()));
        table.put("command|count", call -> call.reply(replies.count()));
        table.put("command|list", call -> {
            if (call.words() == 2) {
                call.reply(replies.list());
            } else {
                call.error("ERR COMMAND LIST of this proxy takes no filter");
            }
        });
        table.put("command|docs", call -> {
            if (call.words() == 2) {
                call.reply(replies.allDocs());
            } else {
                call.reply(queries.docs(call.head(), call.view(), call.scratch(), 0));
            }
        });
        table.put("command|info", call -> {
            if (call.words() == 2) {
                call.reply(replies.all());
            } else {
                call.reply(queries.info(call.head(), call.view(), call.scratch(), 0));
            }
        });
        table.put("command|getkeys", call -> call.reply(queries.getKeys(call.head(), call.view(), call.scratch(), 0)));
    }

    /** X HELP for every container X. */
    static void help(LocalCall call) {
        String name = call.command().name();
        Command container = CommandTable.standard().byName(name.substring(0, name.indexOf('|')));
        call.reply(CommandReplies.standard().help(container));
    }
}
