package org.millrace.engine.resp;

import java.util.ArrayDeque;
import org.agrona.DirectBuffer;
import org.millrace.codec.resp.RequestView;
import org.millrace.codec.resp.command.Command;
import org.millrace.codec.resp.command.KeyList;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.MessagePool;
import org.millrace.engine.plan.FragmentsByServer;
import org.millrace.engine.plan.Plan;
import org.millrace.engine.ring.RequestSlot;

/**
 * Splits a request whose keys live on several servers into one request for each server, in time linear in its keys: one
 * pass that assigns keys to fragments, one that writes the fragments.
 */
final class Scatter {
    private static final int HEADER_MAX = 64;

    private final MessagePool messages;
    private final ArrayDeque<ScatterPlan> free = new ArrayDeque<>();
    private final FragmentsByServer fragments = new FragmentsByServer();
    private ScatterPlan plan;
    private RequestSlot slot;

    Scatter(MessagePool messages) {
        this.messages = messages;
    }

    void begin(RequestSlot request, Command command, int keys) {
        slot = request;
        plan = free.isEmpty() ? new ScatterPlan(messages, this::recycle) : free.poll();
        plan.begin(request.exchangeId, command, keys);
    }

    private void recycle(ScatterPlan done) {
        if (done.isWorthKeeping()) {
            free.add(done);
        }
    }

    void assign(int key, int server) {
        int fragment = fragments.of(server);
        plan.assign(key, fragment == FragmentsByServer.NONE ? fragments.add(plan, server) : fragment);
    }

    /**
     * Writes the fragments' requests.
     *
     * @param view the request's words
     * @param keys its keys, all of them assigned
     * @return the plan, or null if there is no memory for it
     */
    Plan plan(RequestView view, KeyList keys) {
        ScatterPlan made = plan;
        plan = null;
        fragments.clear(made);
        if (!reserve(made) || !(isWhole() ? writeSpans(made, keys) : writeWords(made, view))) {
            made.abandon();
            return null;
        }
        if (slot.message != null) {
            handOver(made);
        }
        made.open();
        return made;
    }

    /** Fragments borrow the bodies of the client's message: it stays until all of them are written. */
    private void handOver(ScatterPlan made) {
        for (int i = 0; i < made.fragmentCount(); i++) {
            slot.message.adopt(made.request(i));
        }
        slot.message = null;
    }

    /** True if all of the request is in its head. */
    private boolean isWhole() {
        return slot.message == null || slot.message.bodyCount() == 0;
    }

    private boolean reserve(ScatterPlan made) {
        for (int i = 0; i < made.fragmentCount(); i++) {
            // room for an even share; a fragment that needs more grows by doubling
            int share = slot.length / made.fragmentCount() + HEADER_MAX;
            if (!made.request(i).reserveHead(share) || !made.writeHeader(i)) {
                return false;
            }
        }
        return true;
    }

    /** A key's words end where those of the next begin; neighbours that stay together are copied together. */
    private boolean writeSpans(ScatterPlan made, KeyList keys) {
        int count = keys.size();
        int from = keys.headerOffset(0);
        int key = 0;
        while (key < count) {
            int fragment = made.fragmentOf(key);
            do {
                key++;
            } while (key < count && made.fragmentOf(key) == fragment);
            int to = key < count ? keys.headerOffset(key) : slot.offset + slot.length;
            if (!made.request(fragment).appendHead(slot.buffer, from, to - from)) {
                return false;
            }
            from = to;
        }
        return true;
    }

    private boolean writeWords(ScatterPlan made, RequestView view) {
        DirectBuffer source = slot.buffer;
        int words = made.wordsPerKey();
        view.rewind();
        view.next();
        for (int key = 0; key < made.keyCount(); key++) {
            Message request = made.request(made.fragmentOf(key));
            for (int word = 0; word < words; word++) {
                if (!view.next() || !writeWord(request, source, view)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean writeWord(Message request, DirectBuffer source, RequestView view) {
        int from = view.headerOffset();
        int to = view.endOffset();
        if (!view.isBody()) {
            return request.appendHead(source, from, to - from);
        }
        int body = view.argumentOffset();
        if (!request.appendHead(source, from, body - from)) {
            return false;
        }
        request.borrowBodyOf(slot.message, view.bodyIndex());
        return request.appendHead(source, body, to - body);
    }
}
