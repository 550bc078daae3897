package org.millrace.engine.control.admin;

import java.util.List;
import org.millrace.engine.control.Totals;
import org.millrace.engine.control.slow.SlowLog;
import org.millrace.engine.control.slow.SlowRow;
import org.millrace.engine.resp.ReplyText;
import org.millrace.routing.PoolTopology;

/**
 * SLOWLOG GET, LEN and RESET, of the pool of who asks, in the shape of Redis: six elements for each request, as some
 * clients cannot read more. So what Redis does not tell, the server and the stages, is the last of the words that stand
 * for the request.
 */
public final class SlowlogCommands {
    private static final int DEFAULT_COUNT = 10;
    private static final int ELEMENTS = 6;

    private final Totals totals;
    private final SlowLog log;

    public SlowlogCommands(Totals totals, SlowLog log) {
        this.totals = totals;
        this.log = log;
    }

    /** Has them answered. */
    public void register(AdminCommands commands) {
        commands.put("slowlog|get", PoolCommand.of(totals, this::get));
        commands.put("slowlog|len", PoolCommand.of(totals,
            (call, pool) -> call.reply(new ReplyText().integer(log.rows(pool.name()).size()))));
        commands.put("slowlog|reset", PoolCommand.of(totals, (call, pool) -> {
            log.reset(pool.name());
            call.ok();
        }));
    }

    private void get(AdminCall call, PoolTopology pool) {
        int count = DEFAULT_COUNT;
        if (call.words() > 1) {
            call.error("ERR wrong number of arguments for 'slowlog|get' command");
            return;
        }
        if (call.words() == 1) {
            try {
                count = Integer.parseInt(call.text(0));
            } catch (NumberFormatException e) {
                count = -2;
            }
            if (count < -1) {
                call.error("ERR count should be greater than or equal to -1");
                return;
            }
        }
        List<SlowRow> rows = log.rows(pool.name());
        int shown = count < 0 ? rows.size() : Math.min(count, rows.size());
        ReplyText text = new ReplyText().array(shown);
        rows.subList(0, shown).forEach(row -> write(row, text));
        call.reply(text);
    }

    private static void write(SlowRow row, ReplyText text) {
        String[] names = row.command().split("\\|");
        boolean keyed = row.keyLength() >= 0;
        int others = row.words() - names.length - (keyed ? 1 : 0);
        text.array(ELEMENTS).integer(row.id()).integer(row.time()).integer(row.durationUs());
        text.array(names.length + (keyed ? 1 : 0) + (others > 0 ? 1 : 0) + 1);
        for (String name : names) {
            text.bulk(name);
        }
        if (keyed) {
            text.bulk(row.cappedKey());
        }
        if (others > 0) {
            text.bulk("... (" + others + " more arguments)");
        }
        text.bulk("server=" + row.server() + " link_wait_us=" + row.linkWaitUs() + " server_us=" + row.serverUs()
            + " order_wait_us=" + row.orderWaitUs());
        text.bulk(row.client()).bulk(row.clientName());
    }
}
