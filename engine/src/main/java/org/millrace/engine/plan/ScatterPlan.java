package org.millrace.engine.plan;

import java.util.Arrays;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.millrace.codec.resp.ReplyView;
import org.millrace.codec.resp.RespWriter;
import org.millrace.codec.resp.command.Command;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.MessagePool;

/**
 * The plan of MGET, MSET, DEL, UNLINK, TOUCH and EXISTS over several servers: one fragment for each server, answers put
 * together by the command's {@link Merge}. One failing fragment makes the whole an error; the first in the order of
 * fragments is told.
 */
public final class ScatterPlan extends Plan {
    private static final int INITIAL = 8;

    private final MessagePool messages;
    private final Consumer<ScatterPlan> recycler;
    private long exchange;
    private Command command;
    private Merge merge;
    private int keyCount;
    private int[] fragmentOfKey = new int[64];
    private int fragmentCount;
    private int[] servers = new int[INITIAL];
    private int[] keysOfFragment = new int[INITIAL];
    private Message[] requests = new Message[INITIAL];
    private Message[] replies = new Message[INITIAL];
    private DirectBuffer[] failures = new DirectBuffer[INITIAL];
    private ReplyView[] views = new ReplyView[0];

    /**
     * A plan to be used again and again.
     *
     * @param messages of the server half
     * @param recycler takes the plan back when it is closed
     */
    public ScatterPlan(MessagePool messages, Consumer<ScatterPlan> recycler) {
        this.messages = messages;
        this.recycler = recycler;
    }

    /** Begins with no fragment. */
    public void begin(long exchangeId, Command scattered, int keys) {
        exchange = exchangeId;
        command = scattered;
        merge = Merge.of(scattered);
        keyCount = keys;
        fragmentCount = 0;
        if (fragmentOfKey.length < keys) {
            fragmentOfKey = new int[Integer.highestOneBit(keys - 1) * 2];
        }
    }

    /** A further server is needed; returns the fragment's number. */
    public int addFragment(int server) {
        if (fragmentCount == servers.length) {
            int size = fragmentCount * 2;
            servers = Arrays.copyOf(servers, size);
            keysOfFragment = Arrays.copyOf(keysOfFragment, size);
            requests = Arrays.copyOf(requests, size);
            replies = Arrays.copyOf(replies, size);
            failures = Arrays.copyOf(failures, size);
        }
        servers[fragmentCount] = server;
        keysOfFragment[fragmentCount] = 0;
        requests[fragmentCount] = messages.acquire();
        return fragmentCount++;
    }

    /** A key goes to a fragment. */
    public void assign(int key, int fragment) {
        fragmentOfKey[key] = fragment;
        keysOfFragment[fragment]++;
    }

    /** Writes a fragment's array header and command name. */
    public boolean writeHeader(int fragment) {
        Message request = requests[fragment];
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
    public void open() {
        open(exchange, fragmentCount);
    }

    public int keyCount() {
        return keyCount;
    }

    public int keyCapacity() {
        return fragmentOfKey.length;
    }

    public int fragmentOf(int key) {
        return fragmentOfKey[key];
    }

    public int wordsPerKey() {
        return merge.wordsPerKey();
    }

    /** A fragment's request, still the plan's. */
    public Message request(int fragment) {
        return requests[fragment];
    }

    @Override
    public int fragmentCount() {
        return fragmentCount;
    }

    @Override
    public int server(int fragment) {
        return servers[fragment];
    }

    @Override
    public Message takeRequest(int fragment) {
        Message request = requests[fragment];
        requests[fragment] = null;
        return request;
    }

    @Override
    protected void keepReply(int fragment, DirectBuffer buffer, int offset, int length, Message message) {
        Message reply = message;
        if (reply == null) {
            reply = messages.acquire();
            if (!reply.appendHead(buffer, offset, length)) {
                messages.release(reply);
                failures[fragment] = MergeErrors.NO_MEMORY;
                return;
            }
        }
        replies[fragment] = reply;
        if (reply.head().getByte(0) != merge.replyType()) {
            // an error of the server is passed on; anything else has no place here
            failures[fragment] = reply.head().getByte(0) == '-' ? null : MergeErrors.UNEXPECTED;
        }
    }

    @Override
    protected void keepFailure(int fragment, DirectBuffer error) {
        failures[fragment] = error;
    }

    @Override
    public Message result() {
        Message result = messages.acquire();
        boolean written = firstError(result);
        if (result.headLength() == 0 && written) {
            written = merge == Merge.ARRAY ? weave(result) : merge.write(result, replies, fragmentCount);
        }
        if (!written) {
            messages.release(result);
            return null;
        }
        return result;
    }

    /** Writes the first fragment's error, if there is one; false if there is no memory. */
    private boolean firstError(Message result) {
        for (int i = 0; i < fragmentCount; i++) {
            if (failures[i] != null) {
                return result.appendHead(failures[i], 0, failures[i].capacity());
            }
            if (replies[i].head().getByte(0) == '-') {
                return result.appendHead(replies[i].head(), 0, replies[i].headLength());
            }
        }
        return true;
    }

    /** Puts the elements of all fragments' arrays into the order of the keys. */
    private boolean weave(Message result) {
        prepareViews();
        long bytes = 16;
        for (int i = 0; i < fragmentCount; i++) {
            bytes += replies[i].headLength();
        }
        if (!result.reserveHead((int) Math.min(bytes, Integer.MAX_VALUE / 2))) {
            return false;
        }
        result.commitHead(RespWriter.arrayHeader(result.head(), 0, keyCount));
        for (int key = 0; key < keyCount; key++) {
            int fragment = fragmentOfKey[key];
            if (!views[fragment].next()) {
                return replaceByError(result);
            }
            if (!appendElement(result, replies[fragment], views[fragment])) {
                return false;
            }
        }
        return true;
    }

    private void prepareViews() {
        if (views.length < fragmentCount) {
            int size = views.length;
            views = Arrays.copyOf(views, Math.max(fragmentCount, size * 2));
            for (int i = size; i < views.length; i++) {
                views[i] = new ReplyView();
            }
        }
        for (int i = 0; i < fragmentCount; i++) {
            views[i].wrap(replies[i].head(), 0, replies[i].headLength(), messages.bodyThreshold());
        }
    }

    private static boolean appendElement(Message result, Message reply, ReplyView view) {
        int from = view.startOffset();
        int to = view.endOffset();
        if (view.bodyCount() == 0) {
            return result.appendHead(reply.head(), from, to - from);
        }
        return result.appendWithBodies(reply, from, to, view.firstBody(), view.bodyCount());
    }

    private boolean replaceByError(Message result) {
        result.truncateHead();
        return result.appendHead(MergeErrors.UNEXPECTED, 0, MergeErrors.UNEXPECTED.capacity());
    }

    @Override
    public void close() {
        for (int i = 0; i < fragmentCount; i++) {
            if (replies[i] != null) {
                messages.release(replies[i]);
                replies[i] = null;
            }
            failures[i] = null;
        }
        recycler.accept(this);
    }

    /** Gives up before anything was sent. */
    public void abandon() {
        for (int i = 0; i < fragmentCount; i++) {
            messages.release(requests[i]);
            requests[i] = null;
        }
        close();
    }
}
