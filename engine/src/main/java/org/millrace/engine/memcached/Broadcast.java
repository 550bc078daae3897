package org.millrace.engine.memcached;

import java.util.ArrayDeque;
import org.millrace.codec.memcached.command.Command;
import org.millrace.codec.memcached.command.MergeRule;
import org.millrace.engine.message.MessagePool;
import org.millrace.engine.plan.BroadcastPlan;
import org.millrace.engine.plan.Plan;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.routing.Router;

/** Makes plans of requests that go to all servers of a pool: flush_all, verbosity, stats. */
final class Broadcast {
    private final MessagePool messages;
    private final ArrayDeque<BroadcastPlan> free = new ArrayDeque<>();

    Broadcast(MessagePool messages) {
        this.messages = messages;
    }

    /** The plan, or null if there is no memory for it. */
    Plan plan(RequestSlot slot, Command command, Router servers) {
        BroadcastPlan plan = free.isEmpty()
            ? new BroadcastPlan(messages, MemcachedProtocol.FAILURES.noMemory(), free::add) : free.poll();
        boolean isSilent = slot.heldBack == Protocol.ALL_REPLIES;
        BroadcastPlan.Merge merge = command.merge() == MergeRule.STATS ? StatsMerge::write : AllOk::write;
        return plan.begin(slot.exchangeId, slot.buffer, slot.offset, slot.length, servers, merge, isSilent) ? plan
            : null;
    }
}
