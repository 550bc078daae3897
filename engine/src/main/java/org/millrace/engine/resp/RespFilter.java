package org.millrace.engine.resp;

import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.millrace.codec.resp.RequestView;
import org.millrace.codec.resp.command.Command;
import org.millrace.codec.resp.command.CommandTable;
import org.millrace.codec.resp.command.RespErrors;
import org.millrace.codec.resp.command.Treatment;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.client.Exchange;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.filter.RequestFilter;
import org.millrace.engine.parse.RequestParser;
import org.millrace.engine.ring.RequestSlot;

/** Lets requests for servers pass; answers or refuses all others. Client half's thread. */
final class RespFilter implements RequestFilter {
    private static final DirectBuffer NO_AUTH = RespErrors.ready("NOAUTH Authentication required.");

    private final ClientHalfState half;
    private final LocalCommands local;
    private final CommandTable table = CommandTable.standard();
    private final RequestView view = new RequestView();
    private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer(RespErrors.MAX_LENGTH * 2);

    RespFilter(ClientHalfState half, LocalCommands local) {
        this.half = half;
        this.local = local;
    }

    @Override
    public boolean passes(Exchange exchange, RequestSlot slot) {
        if (slot.fault != RequestParser.NO_FAULT) {
            answerFault(exchange, slot);
            return false;
        }
        Command command = table.byId(slot.command);
        if (!exchange.client().session().isAuthenticated() && !local.isAllowedBeforeAuth(command)) {
            half.order().reply(exchange, NO_AUTH, 0, NO_AUTH.capacity());
            return false;
        }
        Treatment treatment = command.treatment();
        if (treatment == Treatment.FORWARD || treatment == Treatment.SCATTER) {
            return true;
        }
        if (treatment == Treatment.LOCAL) {
            half.counters().increment(ClientHalfCounter.LOCAL_ANSWERS);
            view.wrap(slot.buffer, slot.offset, slot.length, half.frameLimits().bodyThreshold());
            local.answer(exchange, command, slot, view);
        } else {
            half.order().reply(exchange, command.refusal(), 0, command.refusal().capacity());
        }
        return false;
    }

    private void answerFault(Exchange exchange, RequestSlot slot) {
        switch (slot.fault) {
            case RespParser.NO_WORDS -> half.order().reply(exchange, scratch, 0, 0);
            case RespParser.UNBALANCED_QUOTES -> {
                exchange.client().leave();
                half.life().protocolError(exchange, "unbalanced quotes in request");
            }
            case RespParser.WRONG_ARITY -> {
                DirectBuffer error = table.byId(slot.command).arityError();
                half.order().reply(exchange, error, 0, error.capacity());
            }
            default -> {
                view.wrap(slot.buffer, slot.offset, slot.length, half.frameLimits().bodyThreshold());
                int length = slot.fault == RespParser.UNKNOWN_SUBCOMMAND
                    ? RespErrors.unknownSubcommand(table.byId(slot.command), slot.buffer, view, scratch, 0)
                    : RespErrors.unknownCommand(slot.buffer, view, scratch, 0);
                half.order().reply(exchange, scratch, 0, length);
            }
        }
    }
}
