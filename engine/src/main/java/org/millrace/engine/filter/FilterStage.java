package org.millrace.engine.filter;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.millrace.codec.resp.RequestView;
import org.millrace.codec.resp.command.Command;
import org.millrace.codec.resp.command.RespErrors;
import org.millrace.codec.resp.command.Treatment;
import org.millrace.engine.client.Client;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.client.Exchange;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.parse.ParseStage;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.ring.Stage;
import org.millrace.engine.ring.StageFaults;
import org.millrace.io.CloseCause;

/** Lets requests for servers pass; answers or refuses all others. */
public final class FilterStage extends Stage<RequestSlot> {
    private static final DirectBuffer NO_AUTH = RespErrors.ready("NOAUTH Authentication required.");

    private final ClientHalfState half;
    private final LocalCommands local;
    private final RequestView view = new RequestView();
    private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer(RespErrors.MAX_LENGTH * 2);

    /** The stage behind parse. */
    public FilterStage(RingBuffer<RequestSlot> ring, Sequence parse, StageFaults faults, ClientHalfState half,
        LocalCommands local) {
        super("filter", ring, faults, parse);
        this.half = half;
        this.local = local;
    }

    @Override
    protected boolean onSlot(RequestSlot slot, long slotSequence) {
        if (slot.kind != RequestSlot.REQUEST) {
            return true;
        }
        Exchange exchange = half.exchanges().find(slot.exchangeId);
        if (exchange == null || exchange.client().isLeaving()) {
            answered(slot);
            return true;
        }
        Command command = slot.command;
        if (slot.fault != ParseStage.NO_FAULT) {
            answerFault(exchange, slot);
            answered(slot);
            return true;
        }
        Client client = exchange.client();
        if (!client.session().isAuthenticated() && !local.isAllowedBeforeAuth(command)) {
            half.order().reply(exchange, NO_AUTH, 0, NO_AUTH.capacity());
            answered(slot);
            return true;
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
        answered(slot);
        return true;
    }

    private void answerFault(Exchange exchange, RequestSlot slot) {
        switch (slot.fault) {
            case ParseStage.NO_WORDS -> half.order().reply(exchange, scratch, 0, 0);
            case ParseStage.UNBALANCED_QUOTES -> {
                exchange.client().leave();
                half.life().protocolError(exchange, "unbalanced quotes in request");
            }
            case ParseStage.WRONG_ARITY -> {
                DirectBuffer error = slot.command.arityError();
                half.order().reply(exchange, error, 0, error.capacity());
            }
            default -> {
                view.wrap(slot.buffer, slot.offset, slot.length, half.frameLimits().bodyThreshold());
                int length = slot.fault == ParseStage.UNKNOWN_SUBCOMMAND
                    ? RespErrors.unknownSubcommand(slot.command, slot.buffer, view, scratch, 0)
                    : RespErrors.unknownCommand(slot.buffer, view, scratch, 0);
                half.order().reply(exchange, scratch, 0, length);
            }
        }
    }

    /** The request goes no further. */
    private void answered(RequestSlot slot) {
        slot.kind = RequestSlot.ANSWERED;
        if (slot.message != null) {
            half.messages().release(slot.message);
            slot.message = null;
        }
    }

    @Override
    protected void onFault(RequestSlot slot) {
        Exchange exchange = half.exchanges().find(slot.exchangeId);
        if (exchange != null) {
            exchange.client().close(CloseCause.OTHER);
        }
        answered(slot);
    }
}
