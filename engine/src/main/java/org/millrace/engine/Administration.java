package org.millrace.engine;

import java.util.List;
import org.millrace.engine.control.Control;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.control.Totals;
import org.millrace.engine.control.admin.AdminCommands;
import org.millrace.engine.control.admin.ClientCommands;
import org.millrace.engine.control.admin.ConfigCommands;
import org.millrace.engine.control.admin.ProxyCommands;

/** The administrative commands of a process, put together. */
final class Administration {
    private Administration() {
    }

    /** Has the control thread answer them; before it starts. */
    static void begin(Control control, List<LaneHandle> lanes, Totals totals, Measurements measurements,
        Reload reload, EventLog log) {
        AdminCommands commands = new AdminCommands(log);
        new ProxyCommands(totals).register(commands);
        measurements.register(commands);
        new ClientCommands(lanes, totals, control::offer, log).register(commands);
        new ConfigCommands(totals, reload::adjust, log).register(commands);
        control.administration(commands);
    }
}
