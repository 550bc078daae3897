package org.millrace.engine.memcached;

import java.util.ArrayDeque;
import org.millrace.codec.memcached.RequestFramer;
import org.millrace.codec.memcached.RequestView;
import org.millrace.codec.memcached.command.Command;
import org.millrace.codec.memcached.command.Field;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.MessagePool;
import org.millrace.engine.plan.FragmentsByServer;
import org.millrace.engine.plan.Plan;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.routing.Router;

/**
 * Splits a request for several values into one line for each server, in time linear in its keys. Lines of gat and gats
 * that no server would take, as they are longer than 2048 bytes, become several.
 */
final class MultiGet {
    private static final int LINE_END_LENGTH = 2;
    private static final int LINE_START_LENGTH_MAX = 128;

    private final MessagePool messages;
    private final ArrayDeque<MultiGetPlan> free = new ArrayDeque<>();
    private final FragmentsByServer fragments = new FragmentsByServer();

    MultiGet(MessagePool messages) {
        this.messages = messages;
    }

    private void recycle(MultiGetPlan done) {
        if (done.isWorthKeeping()) {
            free.add(done);
        }
    }

    /**
     * Writes the fragments' requests.
     *
     * @param view   the request, before its first key
     * @param router null if all keys live on one server
     * @param alone  that server
     * @return the plan, or null if there is no memory for it
     */
    Plan plan(RequestSlot slot, Command command, RequestView view, Router router, int alone) {
        MultiGetPlan plan = free.isEmpty() ? new MultiGetPlan(messages, this::recycle) : free.poll();
        plan.begin(view.keyCount());
        boolean written = plan.keep(slot);
        while (written && view.nextKey()) {
            int server = router == null ? alone : router.route(slot.buffer, view.keyOffset(), view.keyLength());
            int fragment = fragmentFor(plan, slot, command, server, view.keyLength());
            written = fragment >= 0 && appendKey(plan.request(fragment), slot, view);
            plan.assign(view.keyIndex(), fragment);
        }
        fragments.clear(plan);
        for (int i = 0; i < plan.fragmentCount(); i++) {
            written = written && ascii(plan.request(i), "\r\n");
        }
        if (!written) {
            plan.abandon();
            return null;
        }
        plan.open(slot.exchangeId);
        return plan;
    }

    /** The fragment that takes the next key of a server; -1 if there is no memory for it. */
    private int fragmentFor(MultiGetPlan plan, RequestSlot slot, Command command, int server, int keyLength) {
        int fragment = fragments.of(server);
        boolean isLimited = command.wordOf(Field.EXPTIME) >= 0;
        if (fragment >= 0 && (!isLimited || plan.request(fragment).headLength() + 1 + keyLength + LINE_END_LENGTH
            <= RequestFramer.LINE_LENGTH_MAX)) {
            return fragment;
        }
        fragment = fragments.add(plan, server);
        return begin(plan.request(fragment), slot, command) ? fragment : -1;
    }

    private static boolean begin(Message request, RequestSlot slot, Command command) {
        if (!request.reserveHead(LINE_START_LENGTH_MAX) || !ascii(request, command.name())) {
            return false;
        }
        if (command.wordOf(Field.EXPTIME) < 0) {
            return true;
        }
        int exptime = MultiGetLine.exptimeOffset(slot, command);
        return ascii(request, " ")
            && request.appendHead(slot.buffer, exptime, MultiGetLine.exptimeLength(slot, command));
    }

    private static boolean appendKey(Message request, RequestSlot slot, RequestView view) {
        return ascii(request, " ") && request.appendHead(slot.buffer, view.keyOffset(), view.keyLength());
    }

    private static boolean ascii(Message request, String text) {
        if (!request.reserveHead(text.length())) {
            return false;
        }
        request.commitHead(request.head().putStringWithoutLengthAscii(request.headLength(), text));
        return true;
    }
}
