package org.millrace.engine.control.admin;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.millrace.engine.control.Totals;
import org.millrace.engine.control.metrics.TrafficTop;
import org.millrace.engine.control.metrics.TrafficTotals;
import org.millrace.engine.resp.ReplyText;

/**
 * PROXY HOTKEYS, BIGKEYS and TOP: what most of the traffic of the pool of who asks is about, each with the number of
 * rows that are wanted. Names and values by turns.
 */
public final class TrafficCommands {
    private static final int SHARE_DIGITS = 5;

    private final Totals totals;
    private final TrafficTotals traffic;

    public TrafficCommands(Totals totals, TrafficTotals traffic) {
        this.totals = totals;
        this.traffic = traffic;
    }

    /** Has them answered. */
    public void register(AdminCommands commands) {
        commands.put("proxy|hotkeys", rows(TrafficTop::hot,
            (row, text) -> text.array(6).bulk("key").bulk(row.key())
                .bulk("share").bulk(number(row.share(), SHARE_DIGITS))
                .bulk("requests_per_second").bulk(number(row.requestsPerSecond(), 1))));
        commands.put("proxy|bigkeys", rows(TrafficTop::big,
            (row, text) -> text.array(8).bulk("key").bulk(row.key()).bulk("bytes").integer(row.bytes())
                .bulk("command").bulk(row.command()).bulk("measured").bulk(row.measured())));
        commands.put("proxy|top", rows(TrafficTop::talkers,
            (row, text) -> text.array(6).bulk("address").bulk(row.address())
                .bulk("requests_per_second").bulk(number(row.requestsPerSecond(), 1))
                .bulk("bytes_per_second").integer(Math.round(row.bytesPerSecond()))));
    }

    /** The command that answers with the first of these rows. */
    private <T> AdminCommand rows(Function<TrafficTop, List<T>> list, BiConsumer<T, ReplyText> writer) {
        return PoolCommand.of(totals, (call, pool) -> {
            int count = count(call);
            if (call.words() > 1) {
                call.error("ERR wrong number of arguments for '" + call.command() + "' command");
            } else if (count < 1) {
                call.error("ERR count must be a number from 1 to " + TrafficTop.MOST);
            } else if (!traffic.isOn()) {
                call.error("ERR no traffic is looked at; set 'hot_keys: true' below 'millrace:' and reload");
            } else {
                List<T> all = list.apply(traffic.top(pool.name()));
                List<T> wanted = all.subList(0, Math.min(count, all.size()));
                ReplyText text = new ReplyText().array(wanted.size());
                wanted.forEach(row -> writer.accept(row, text));
                call.reply(text);
            }
        });
    }

    /** How many rows are wanted; 0 if that cannot be. */
    private static int count(AdminCall call) {
        if (call.words() == 0) {
            return TrafficTop.MOST;
        }
        try {
            int count = Integer.parseInt(call.text(0));
            return count > TrafficTop.MOST ? 0 : count;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String number(double value, int digits) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }
}
