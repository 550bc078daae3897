package org.millrace.engine.memcached;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.codec.memcached.RequestView;
import org.millrace.codec.memcached.command.Command;
import org.millrace.codec.memcached.command.CommandTable;
import org.millrace.codec.memcached.command.Fault;
import org.millrace.codec.memcached.command.MemcachedErrors;
import org.millrace.codec.memcached.command.MergeRule;
import org.millrace.codec.memcached.command.Treatment;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.client.Exchange;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.filter.ControlQuestions;
import org.millrace.engine.filter.RequestFilter;
import org.millrace.engine.parse.RequestParser;
import org.millrace.engine.ring.RequestSlot;

/** Answers faults, version, quit, mn and {@code stats proxy}; all else is for servers. Client half's thread. */
final class MemcachedFilter implements RequestFilter {
    /** The version of memcached whose text protocol the proxy speaks; libraries look at it. */
    private static final DirectBuffer VERSION = MemcachedErrors.ready("VERSION 1.6.18");
    private static final DirectBuffer MN = MemcachedErrors.ready("MN");
    private static final DirectBuffer LONG_EXPTIME = MemcachedErrors.clientError("invalid exptime argument");
    private static final DirectBuffer BUSY = MemcachedErrors.serverError("the control thread is busy, ask again");
    private static final DirectBuffer NOTHING = new UnsafeBuffer(new byte[0]);
    private static final String PROXY = "proxy";

    private final ClientHalfState half;
    private final ControlQuestions control;
    private final CommandTable table = CommandTable.standard();
    private final RequestView view = new RequestView();

    MemcachedFilter(ClientHalfState half, ControlQuestions control) {
        this.half = half;
        this.control = control;
    }

    @Override
    public boolean passes(Exchange exchange, RequestSlot slot) {
        if (slot.fault != RequestParser.NO_FAULT) {
            answerFault(exchange, slot);
            return false;
        }
        Command command = table.byId(slot.command);
        Treatment treatment = command.treatment();
        if (treatment == Treatment.LOCAL) {
            half.counters().increment(ClientHalfCounter.LOCAL_ANSWERS);
            answer(exchange, command);
            return false;
        }
        if (command.merge() == MergeRule.STATS && isOfProxy(slot, command)) {
            half.counters().increment(ClientHalfCounter.LOCAL_ANSWERS);
            if (!control.stats(half.lane(), exchange.id())) {
                reply(exchange, BUSY);
            }
            return false;
        }
        return true;
    }

    private void answer(Exchange exchange, Command command) {
        switch (command.name()) {
            case "version" -> reply(exchange, VERSION);
            case "mn" -> reply(exchange, MN);
            default -> close(exchange);
        }
    }

    /** Quit: answers what is due, says nothing, and closes. */
    private void close(Exchange exchange) {
        exchange.closeAfter();
        exchange.client().leave();
        half.life().stopReading(exchange.client());
        reply(exchange, NOTHING);
    }

    private void answerFault(Exchange exchange, RequestSlot slot) {
        if (slot.fault == MemcachedParser.LONG_EXPTIME) {
            reply(exchange, LONG_EXPTIME);
        } else if (slot.fault == Fault.HTTP.ordinal()) {
            close(exchange);
        } else {
            view.wrap(slot.buffer, slot.offset, slot.length, half.frameLimits().bodyThreshold());
            DirectBuffer refusal = view.refusal();
            reply(exchange, refusal == null ? NOTHING : refusal);
        }
    }

    /** True of {@code stats proxy}, whatever comes behind. */
    private static boolean isOfProxy(RequestSlot slot, Command command) {
        int at = slot.offset + command.name().length();
        int end = slot.offset + slot.length;
        while (at < end && slot.buffer.getByte(at) == ' ') {
            at++;
        }
        for (int i = 0; i < PROXY.length(); i++, at++) {
            if (at >= end || slot.buffer.getByte(at) != PROXY.charAt(i)) {
                return false;
            }
        }
        return at < end && slot.buffer.getByte(at) <= ' ';
    }

    private void reply(Exchange exchange, DirectBuffer whole) {
        half.order().reply(exchange, whole, 0, whole.capacity());
    }
}
