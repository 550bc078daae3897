package org.millrace.engine.resp;

import java.util.Locale;
import org.agrona.DirectBuffer;
import org.millrace.engine.filter.ControlQuestions;
import org.millrace.engine.filter.WallClock;

/** INFO, TIME and LOLWUT: about the proxy as a server. */
final class ServerCommands {
    private static final DirectBuffer LOLWUT =
        ConnectionCommands.constant("$45\r\nMillrace: water in, a wheel turning, water on\r\n");

    private ServerCommands() {
    }

    static void register(LocalCommands table, ControlQuestions control, WallClock clock) {
        table.put("lolwut", call -> call.reply(LOLWUT));
        table.put("time", call -> time(call, clock));
        table.put("info", call -> info(call, control));
    }

    private static void time(LocalCall call, WallClock clock) {
        long micros = clock.epochMicros();
        String seconds = Long.toString(micros / 1_000_000);
        String rest = Long.toString(micros % 1_000_000);
        String text = "*2\r\n$" + seconds.length() + "\r\n" + seconds + "\r\n$" + rest.length() + "\r\n"
            + rest + "\r\n";
        call.reply(call.scratch().putStringWithoutLengthAscii(0, text));
    }

    private static void info(LocalCall call, ControlQuestions control) {
        StringBuilder sections = new StringBuilder();
        for (int i = 1; i < Math.min(call.words(), 32); i++) {
            sections.append(call.word(i).toLowerCase(Locale.ROOT)).append(' ');
        }
        if (!control.info(call.lane(), call.exchangeId(), sections.toString().trim())) {
            call.error("ERR the control thread is busy, ask again");
        }
    }
}
