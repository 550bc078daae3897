package org.millrace.engine.memcached;

import org.millrace.codec.memcached.RequestFramer;
import org.millrace.codec.memcached.RequestView;
import org.millrace.codec.memcached.command.Command;
import org.millrace.codec.memcached.command.CommandTable;
import org.millrace.codec.memcached.command.Field;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.link.ServerHalfState;
import org.millrace.engine.plan.Plan;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.route.RequestRoutes;
import org.millrace.routing.Router;

/**
 * A multi-get whose keys live on several servers is split, a command without a key goes to all servers; all others are
 * plain. Server half's thread.
 */
final class MemcachedRoutes implements RequestRoutes {
    private final ServerHalfState half;
    private final CommandTable table = CommandTable.standard();
    private final RequestView view = new RequestView();
    private final MultiGet multiGet;
    private final Broadcast broadcast;

    MemcachedRoutes(ServerHalfState half) {
        this.half = half;
        multiGet = new MultiGet(half.messages());
        broadcast = new Broadcast(half.messages());
    }

    @Override
    public void route(RequestSlot slot, Router router) {
        Command command = table.byId(slot.command);
        if (command.hasKeys()) {
            toMany(slot, command, router);
        } else {
            toAll(slot, command, router);
        }
    }

    private void toAll(RequestSlot slot, Command command, Router router) {
        if (router.serverCount() == 1) {
            slot.server = router.server(0);
        } else {
            plan(slot, broadcast.plan(slot, command, router));
        }
    }

    private void toMany(RequestSlot slot, Command command, Router router) {
        view.wrap(slot.buffer, slot.offset, slot.length, Integer.MAX_VALUE);
        view.nextKey();
        int server = serverOfKey(slot, router);
        boolean together = true;
        while (together && !router.isAnyServerGood() && view.nextKey()) {
            together = serverOfKey(slot, router) == server;
        }
        boolean fits = slot.length <= RequestFramer.LINE_LENGTH_MAX || command.wordOf(Field.EXPTIME) < 0;
        if (together && fits) {
            slot.server = server;
        } else {
            view.rewind();
            plan(slot, multiGet.plan(slot, command, view, together ? null : router, server));
        }
    }

    private int serverOfKey(RequestSlot slot, Router router) {
        return router.route(slot.buffer, view.keyOffset(), view.keyLength());
    }

    /** Sets the plan; the request is no longer needed then. */
    private void plan(RequestSlot slot, Plan plan) {
        slot.plan = plan;
        if (plan == null) {
            half.counters().increment(ServerHalfCounter.NO_MEMORY);
            half.refuse(slot, MemcachedProtocol.FAILURES.noMemory());
        } else if (slot.message != null) {
            half.replies().release(slot.message);
            slot.message = null;
        }
    }
}
