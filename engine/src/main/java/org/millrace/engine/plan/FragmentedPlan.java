package org.millrace.engine.plan;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.MessagePool;

/**
 * A plan of requests that all go out at once, each to a server, and whose replies are kept until all have come. What
 * they are put together to is for the protocol.
 */
public abstract class FragmentedPlan extends Plan {
    private static final int INITIAL = 8;

    /** Of the server half. */
    protected final MessagePool messages;
    private final DirectBuffer noMemory;
    private int fragmentCount;
    private int[] servers = new int[INITIAL];
    private Message[] requests = new Message[INITIAL];
    private Message[] replies = new Message[INITIAL];
    private DirectBuffer[] failures = new DirectBuffer[INITIAL];

    /**
     * A plan to be used again and again.
     *
     * @param messages of the server half
     * @param noMemory the error that says so
     */
    protected FragmentedPlan(MessagePool messages, DirectBuffer noMemory) {
        this.messages = messages;
        this.noMemory = noMemory;
    }

    /** Begins with no fragment. */
    protected final void clear() {
        fragmentCount = 0;
    }

    /** A further request is needed; returns the fragment's number. */
    public int addFragment(int server) {
        if (fragmentCount == servers.length) {
            int size = fragmentCount * 2;
            servers = Arrays.copyOf(servers, size);
            requests = Arrays.copyOf(requests, size);
            replies = Arrays.copyOf(replies, size);
            failures = Arrays.copyOf(failures, size);
        }
        servers[fragmentCount] = server;
        requests[fragmentCount] = messages.acquire();
        return fragmentCount++;
    }

    /** A fragment's request, still the plan's. */
    public final Message request(int fragment) {
        return requests[fragment];
    }

    @Override
    public final int fragmentCount() {
        return fragmentCount;
    }

    @Override
    public final int server(int fragment) {
        return servers[fragment];
    }

    @Override
    public final Message takeRequest(int fragment) {
        Message request = requests[fragment];
        requests[fragment] = null;
        return request;
    }

    /** What a fragment's server has answered; null if it failed. */
    protected final Message reply(int fragment) {
        return replies[fragment];
    }

    /** The error that takes the place of a fragment's reply; null if there is none. */
    protected final DirectBuffer failure(int fragment) {
        return failures[fragment];
    }

    /** The first error that takes the place of a reply, in the order of fragments; null if there is none. */
    protected final DirectBuffer firstFailure() {
        for (int i = 0; i < fragmentCount; i++) {
            if (failures[i] != null) {
                return failures[i];
            }
        }
        return null;
    }

    /** Puts an error in the place of a fragment's reply. */
    protected final void fail(int fragment, DirectBuffer error) {
        failures[fragment] = error;
    }

    /** A fragment's reply is here: a chance to look at it. */
    protected void replied(int fragment, Message reply) {
        // not everybody looks
    }

    @Override
    protected final void keepReply(int fragment, DirectBuffer buffer, int offset, int length, Message message) {
        Message reply = message;
        if (reply == null) {
            reply = messages.acquire();
            if (!reply.appendHead(buffer, offset, length)) {
                messages.release(reply);
                failures[fragment] = noMemory;
                return;
            }
        }
        replies[fragment] = reply;
        replied(fragment, reply);
    }

    @Override
    protected final void keepFailure(int fragment, DirectBuffer error) {
        failures[fragment] = error;
    }

    @Override
    public final DirectBuffer noMemory() {
        return noMemory;
    }

    @Override
    public final Message result() {
        Message result = messages.acquire();
        boolean written = false;
        try {
            written = write(result);
        } finally {
            if (!written) {
                messages.release(result);
            }
        }
        return written ? result : null;
    }

    /** Writes what the client gets; false if there is no memory for it. */
    protected abstract boolean write(Message result);

    @Override
    public void close() {
        for (int i = 0; i < fragmentCount; i++) {
            if (replies[i] != null) {
                messages.release(replies[i]);
                replies[i] = null;
            }
            failures[i] = null;
        }
        recycle();
    }

    /** Gives this plan back to whoever made it. */
    protected abstract void recycle();

    /** Gives up before anything was sent. */
    public final void abandon() {
        for (int i = 0; i < fragmentCount; i++) {
            messages.release(requests[i]);
            requests[i] = null;
        }
        close();
    }
}
