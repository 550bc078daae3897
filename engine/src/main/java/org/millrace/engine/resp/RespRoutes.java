package org.millrace.engine.resp;

import org.millrace.codec.resp.RequestView;
import org.millrace.codec.resp.command.Command;
import org.millrace.codec.resp.command.CommandTable;
import org.millrace.codec.resp.command.KeyFinder;
import org.millrace.codec.resp.command.KeyList;
import org.millrace.codec.resp.command.RespErrors;
import org.millrace.codec.resp.command.Treatment;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.link.ServerHalfState;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.route.RequestRoutes;
import org.millrace.io.Segment;
import org.millrace.routing.Router;

/**
 * A command whose keys may be split becomes a scatter plan when they live on several servers; any other command whose
 * keys do gets an error rather than a silently wrong answer. Server half's thread.
 */
final class RespRoutes implements RequestRoutes {
    private final ServerHalfState half;
    private final CommandTable table = CommandTable.standard();
    private final RequestView view = new RequestView();
    private final KeyList keys = new KeyList();
    private final Scatter scatter;
    private final int bodyThreshold;
    /** Where a key that is a body is joined while it is hashed; null at all other times. */
    private Segment longKey;

    RespRoutes(ServerHalfState half) {
        this.half = half;
        this.bodyThreshold = half.frameLimits().bodyThreshold();
        this.scatter = new Scatter(half.messages());
    }

    @Override
    public void route(RequestSlot slot, Router router) {
        Command command = table.byId(slot.command);
        view.wrap(slot.buffer, slot.offset, slot.length, bodyThreshold);
        int found = KeyFinder.find(command, slot.buffer, view, keys);
        if (found != KeyFinder.OK) {
            half.refuse(slot, command.keyError(found));
            return;
        }
        if (router.isAnyServerGood()) {
            // every server is as good as any other, and one is enough
            slot.server = router.route(slot.buffer, slot.offset, 0);
        } else if (acquireLongKey(slot)) {
            try {
                place(slot, command, router);
            } finally {
                releaseLongKey();
            }
        } else {
            half.counters().increment(ServerHalfCounter.NO_MEMORY);
            half.refuse(slot, RespProtocol.FAILURES.noMemory());
        }
        keys.shrink();
    }

    private void place(RequestSlot slot, Command command, Router router) {
        slot.server = serverOf(slot, router, 0);
        boolean together = true;
        for (int i = 1; i < keys.size() && together; i++) {
            together = serverOf(slot, router, i) == slot.server;
        }
        if (!together) {
            if (command.treatment() == Treatment.SCATTER) {
                split(slot, command, router);
            } else {
                half.refuse(slot, RespErrors.CROSSSLOT);
            }
        }
    }

    /** Makes room for the longest key that is a body, if there is one; false if there is no memory. */
    private boolean acquireLongKey(RequestSlot slot) {
        int longest = 0;
        for (int i = 0; i < keys.size(); i++) {
            if (keys.bodyIndex(i) >= 0) {
                longest = Math.max(longest, (int) slot.message.bodyLength(keys.bodyIndex(i)));
            }
        }
        if (longest == 0) {
            return true;
        }
        longKey = half.transport().arena().acquire(longest);
        return longKey != null;
    }

    private void releaseLongKey() {
        if (longKey != null) {
            longKey.release();
            longKey = null;
        }
    }

    private void split(RequestSlot slot, Command command, Router router) {
        scatter.begin(slot, command, keys.size());
        for (int i = 0; i < keys.size(); i++) {
            scatter.assign(i, serverOf(slot, router, i));
        }
        slot.plan = scatter.plan(view, keys);
        if (slot.plan == null) {
            half.refuse(slot, RespProtocol.FAILURES.noMemory());
        }
    }

    private int serverOf(RequestSlot slot, Router router, int key) {
        if (keys.bodyIndex(key) < 0) {
            return router.route(slot.buffer, keys.offset(key), (int) keys.length(key));
        }
        int length = (int) slot.message.bodyLength(keys.bodyIndex(key));
        slot.message.copyBody(keys.bodyIndex(key), longKey.buffer(), length);
        return router.route(longKey.buffer(), 0, length);
    }
}
