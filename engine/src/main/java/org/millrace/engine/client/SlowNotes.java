package org.millrace.engine.client;

import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.latency.CommandFamilies;
import org.millrace.engine.latency.PoolLatency;
import org.millrace.engine.latency.Ticks;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.slow.SlowRequest;
import org.millrace.engine.slow.SlowRequests;

/**
 * Notes requests that were slow, with their keys and where their time has gone. Of each request it keeps the beginning
 * of its key; all else is looked up when one is slow. Client half's thread.
 */
final class SlowNotes {
    private final boolean on;
    private final SlowRequests slow;
    private final CounterSet<ClientHalfCounter> counters;

    SlowNotes(SlowRequests slow, CounterSet<ClientHalfCounter> counters) {
        this.slow = slow;
        this.counters = counters;
        on = slow.isOn();
    }

    /** From how many nanoseconds on a request is slow. */
    long slowerThanNs() {
        return slow.slowerThanNs();
    }

    /** A request is about to be answered here, or to go on. */
    void parsed(Exchange exchange, RequestSlot slot, CommandFamilies commands) {
        if (on) {
            exchange.command = slot.command;
            exchange.words = slot.argumentCount;
            // of other commands the second word may be anything: a password, a script
            boolean keyed = slot.plain || slot.fault == 0 && commands.beginsWithKey(slot.command);
            slow.keepKey(exchange.index, slot.buffer, slot.offset + slot.keyOffset, keyed ? slot.keyLength : -1);
        }
    }

    /** One that was slow is answered. */
    void answered(Client client, Exchange exchange, PoolLatency pool, int repliedTicks, long nowNs) {
        counters.increment(ClientHalfCounter.SLOW_REQUESTS);
        SlowRequest note = slow.claim(exchange.index);
        if (note == null) {
            counters.increment(ClientHalfCounter.SLOW_REQUESTS_LOST);
            return;
        }
        int nowTicks = Ticks.of(nowNs);
        boolean sent = exchange.sentTicks != 0;
        note.answeredNs = nowNs;
        note.durationNs = Ticks.between(exchange.receivedTicks, nowTicks);
        // one that never was at its server has waited for the link all the time
        int linkTicks = sent ? exchange.sentTicks : repliedTicks;
        note.linkWaitNs = exchange.server == null ? 0 : Ticks.between(exchange.receivedTicks, linkTicks);
        note.serverNs = sent ? Ticks.between(exchange.sentTicks, repliedTicks) : 0;
        note.orderWaitNs = Ticks.between(repliedTicks, nowTicks);
        note.pool = pool.pool();
        note.server = exchange.server;
        note.client = client.address();
        note.clientName = client.session.name();
        note.command = pool.families().command(exchange.command);
        note.words = exchange.words;
        slow.publish();
    }
}
