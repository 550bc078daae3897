package org.millrace.engine.resp;

import java.util.Arrays;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.millrace.codec.resp.ReplyView;
import org.millrace.codec.resp.RespWriter;
import org.millrace.codec.resp.command.Command;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.MessagePool;
import org.millrace.engine.plan.KeyedPlan;

/**
 * The plan of MGET, MSET, DEL, UNLINK, TOUCH and EXISTS over several servers: one fragment for each server, answers put
 * together by the command's {@link Merge}. One failing fragment makes the whole an error; the first in the order of
 * fragments is told.
 */
final class ScatterPlan extends KeyedPlan {
    private static final DirectBuffer UNEXPECTED = RespProtocol.FAILURES.unexpected();

    private final Consumer<ScatterPlan> recycler;
    private long exchange;
    private Command command;
    private Merge merge;
    private int keyCount;
    private int[] keysOfFragment = new int[8];
    private ReplyView[] views = new ReplyView[0];

    /**
     * A plan to be used again and again.
     *
     * @param messages of the server half
     * @param recycler takes the plan back when it is closed
     */
    ScatterPlan(MessagePool messages, Consumer<ScatterPlan> recycler) {
        super(messages, RespProtocol.FAILURES.noMemory());
        this.recycler = recycler;
    }

    /** Begins with no fragment. */
    void begin(long exchangeId, Command scattered, int keys) {
        clear(keys);
        exchange = exchangeId;
        command = scattered;
        merge = Merge.of(scattered);
        keyCount = keys;
    }

    @Override
    public int addFragment(int server) {
        int fragment = super.addFragment(server);
        if (fragment == keysOfFragment.length) {
            keysOfFragment = Arrays.copyOf(keysOfFragment, fragment * 2);
        }
        keysOfFragment[fragment] = 0;
        return fragment;
    }

    @Override
    public void assign(int key, int fragment) {
        super.assign(key, fragment);
        keysOfFragment[fragment]++;
    }

    /** Writes a fragment's array header and command name. */
    boolean writeHeader(int fragment) {
        Message request = request(fragment);
        String name = command.name();
        if (!request.reserveHead(32 + name.length())) {
            return false;
        }
        int at = RespWriter.arrayHeader(request.head(), 0, 1 + keysOfFragment[fragment] * merge.wordsPerKey());
        at = RespWriter.bulkHeader(request.head(), at, name.length());
        at += request.head().putStringWithoutLengthAscii(at, name);
        at += request.head().putStringWithoutLengthAscii(at, "\r\n");
        request.commitHead(at);
        return true;
    }

    /** All requests are written: from now on fragments are answered or fail. */
    void open() {
        open(exchange, fragmentCount());
    }

    int keyCount() {
        return keyCount;
    }

    int wordsPerKey() {
        return merge.wordsPerKey();
    }

    @Override
    protected void replied(int fragment, Message reply) {
        byte first = reply.head().getByte(0);
        if (first != merge.replyType() && first != '-') {
            // an error of the server is passed on; anything else has no place here
            fail(fragment, UNEXPECTED);
        }
    }

    @Override
    protected boolean write(Message result) {
        boolean written = firstError(result);
        if (result.headLength() == 0 && written) {
            written = merge == Merge.ARRAY ? weave(result) : merge.write(result, this::reply, fragmentCount());
        }
        return written;
    }

    /** Writes the first fragment's error, if there is one; false if there is no memory. */
    private boolean firstError(Message result) {
        for (int i = 0; i < fragmentCount(); i++) {
            if (failure(i) != null) {
                return result.appendHead(failure(i), 0, failure(i).capacity());
            }
            if (reply(i).head().getByte(0) == '-') {
                return result.appendHead(reply(i).head(), 0, reply(i).headLength());
            }
        }
        return true;
    }

    /** Puts the elements of all fragments' arrays into the order of the keys. */
    private boolean weave(Message result) {
        prepareViews();
        if (!reserve(result, 16)) {
            return false;
        }
        result.commitHead(RespWriter.arrayHeader(result.head(), 0, keyCount));
        int key = 0;
        while (key < keyCount) {
            // what belongs to neighbours of the same fragment is next to each other there as well
            int fragment = fragmentOf(key);
            ReplyView view = views[fragment];
            int from = view.endOffset();
            int firstBody = view.firstBody() + view.bodyCount();
            int bodies = 0;
            do {
                if (!view.next()) {
                    return replaceByError(result);
                }
                bodies += view.bodyCount();
                key++;
            } while (key < keyCount && fragmentOf(key) == fragment);
            if (!appendElements(result, reply(fragment), from, view.endOffset(), firstBody, bodies)) {
                return false;
            }
        }
        return true;
    }

    private void prepareViews() {
        int count = fragmentCount();
        if (views.length < count) {
            int size = views.length;
            views = Arrays.copyOf(views, Math.max(count, size * 2));
            for (int i = size; i < views.length; i++) {
                views[i] = new ReplyView();
            }
        }
        for (int i = 0; i < count; i++) {
            views[i].wrap(reply(i).head(), 0, reply(i).headLength(), messages.bodyThreshold());
        }
    }

    private static boolean appendElements(Message result, Message reply, int from, int to, int firstBody, int bodies) {
        return bodies == 0 ? result.appendHead(reply.head(), from, to - from)
            : result.appendWithBodies(reply, from, to, firstBody, bodies);
    }

    private static boolean replaceByError(Message result) {
        result.truncateHead();
        return result.appendHead(UNEXPECTED, 0, UNEXPECTED.capacity());
    }

    @Override
    protected void recycle() {
        recycler.accept(this);
    }
}
