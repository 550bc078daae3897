package org.millrace.engine.control.admin;

import org.millrace.engine.control.Totals;
import org.millrace.routing.PoolTopology;

/** What one administrative command does that is about the pool of who asks. */
@FunctionalInterface
interface PoolCommand {
    /** Answers as {@link AdminCommand#answer} does. */
    void answer(AdminCall call, PoolTopology pool);

    /** The command, which says so where the pool has gone meanwhile. */
    static AdminCommand of(Totals totals, PoolCommand command) {
        return call -> {
            PoolTopology pool = totals.topology().pool(call.pool());
            if (pool == null) {
                call.error("ERR the pool of this connection is gone");
            } else {
                command.answer(call, pool);
            }
        };
    }
}
