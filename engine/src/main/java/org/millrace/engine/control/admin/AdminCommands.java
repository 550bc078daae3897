package org.millrace.engine.control.admin;

import java.util.HashMap;
import java.util.Map;
import org.millrace.engine.control.EventLog;

/** The administrative commands, by name. Filled before the control thread starts, and used by it. */
public final class AdminCommands {
    private final Map<String, AdminCommand> commands = new HashMap<>();
    private final EventLog log;

    public AdminCommands(EventLog log) {
        this.log = log;
    }

    /** Lets a command of the table be answered by this. */
    public AdminCommands put(String name, AdminCommand command) {
        if (commands.put(name, command) != null) {
            throw new IllegalArgumentException("two handlers of " + name);
        }
        return this;
    }

    /** Has the command answer; one that fails, or that nobody knows, is answered with an error. Control thread. */
    public void answer(AdminCall call) {
        AdminCommand command = commands.get(call.command());
        if (command == null) {
            call.error("ERR this proxy does not measure what '" + call.command().replace('|', ' ') + "' tells");
            return;
        }
        try {
            command.answer(call);
        } catch (RuntimeException e) {
            log.error("administrative command " + call.command(), e);
            call.error("ERR the command has failed, the log of the proxy tells why");
        }
    }
}
