package org.millrace.engine.memcached;

import java.util.Arrays;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.millrace.codec.memcached.ReplyView;
import org.millrace.codec.memcached.RequestView;
import org.millrace.codec.memcached.command.MemcachedErrors;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.MessagePool;
import org.millrace.engine.plan.KeyedPlan;
import org.millrace.engine.ring.RequestSlot;

/**
 * The plan of get, gets, gat and gats over several servers: the values in the order in which their keys were asked for,
 * whatever misses, and one END. Keeps the request's line, as replies tell keys by their names. One failing fragment
 * makes the whole an error; the first in the order of fragments is told, byte for byte where a server said it.
 */
final class MultiGetPlan extends KeyedPlan {
    private static final DirectBuffer END = MemcachedErrors.ready("END");
    private static final DirectBuffer UNEXPECTED = MemcachedProtocol.FAILURES.unexpected();

    private final Consumer<MultiGetPlan> recycler;
    private final RequestView keys = new RequestView();
    private Message line;
    private ReplyView[] views = new ReplyView[0];
    private boolean[] hasValue = new boolean[0];

    /**
     * A plan to be used again and again.
     *
     * @param messages of the server half
     * @param recycler takes the plan back when it is closed
     */
    MultiGetPlan(MessagePool messages, Consumer<MultiGetPlan> recycler) {
        super(messages, MemcachedProtocol.FAILURES.noMemory());
        this.recycler = recycler;
    }

    /** Begins with no fragment. */
    void begin(int keyCount) {
        clear(keyCount);
    }

    /** Keeps the request; false if there is no memory for it. */
    boolean keep(RequestSlot slot) {
        line = messages.acquire();
        return line.appendHead(slot.buffer, slot.offset, slot.length);
    }

    /** All requests are written: from now on fragments are answered or fail. */
    void open(long exchangeId) {
        open(exchangeId, fragmentCount());
    }

    @Override
    protected boolean write(Message result) {
        DirectBuffer failure = firstFailure();
        return failure == null ? reserve(result, END.capacity()) && weave(result) && end(result)
            : result.appendHead(failure, 0, failure.capacity());
    }

    private boolean weave(Message result) {
        prepareViews();
        keys.wrap(line.head(), 0, line.headLength(), Integer.MAX_VALUE);
        while (keys.nextKey()) {
            int fragment = fragmentOf(keys.keyIndex());
            ReplyView view = views[fragment];
            if (hasValue[fragment] && view.isKey(line.head(), keys.keyOffset(), keys.keyLength())) {
                if (!appendValue(result, reply(fragment), view)) {
                    return false;
                }
                hasValue[fragment] = view.next();
            }
        }
        return true;
    }

    private void prepareViews() {
        int count = fragmentCount();
        if (views.length < count) {
            int size = views.length;
            views = Arrays.copyOf(views, Math.max(count, size * 2));
            hasValue = new boolean[views.length];
            for (int i = size; i < views.length; i++) {
                views[i] = new ReplyView();
            }
        }
        for (int i = 0; i < count; i++) {
            views[i].wrap(reply(i).head(), 0, reply(i).headLength(), messages.bodyThreshold());
            hasValue[i] = views[i].next();
        }
    }

    private static boolean appendValue(Message result, Message reply, ReplyView view) {
        int from = view.entryOffset();
        int to = view.entryEnd();
        return view.isBody() ? result.appendWithBodies(reply, from, to, view.bodyIndex(), 1)
            : result.appendHead(reply.head(), from, to - from);
    }

    /** One END, if each fragment's reply ends so and all its values were asked for. */
    private boolean end(Message result) {
        for (int i = 0; i < fragmentCount(); i++) {
            if (hasValue[i]) {
                result.truncateHead();
                return result.appendHead(UNEXPECTED, 0, UNEXPECTED.capacity());
            }
            int last = views[i].entryEnd();
            int length = reply(i).headLength() - last;
            if (!isEnd(reply(i), last, length)) {
                result.truncateHead();
                return result.appendHead(reply(i).head(), last, length);
            }
        }
        return result.appendHead(END, 0, END.capacity());
    }

    private static boolean isEnd(Message reply, int offset, int length) {
        return length >= 3 && reply.head().getByte(offset) == 'E' && reply.head().getByte(offset + 1) == 'N'
            && reply.head().getByte(offset + 2) == 'D';
    }

    @Override
    public void close() {
        if (line != null) {
            messages.release(line);
            line = null;
        }
        super.close();
    }

    @Override
    protected void recycle() {
        recycler.accept(this);
    }
}
