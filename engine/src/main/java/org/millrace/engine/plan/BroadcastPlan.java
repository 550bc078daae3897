package org.millrace.engine.plan;

import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.agrona.DirectBuffer;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.MessagePool;
import org.millrace.routing.Router;

/**
 * The plan of a request that goes to every server of its pool, each of which gets the same bytes. The first failure is
 * what the client gets; if there is none a merge rule of the protocol makes one reply of all.
 */
public final class BroadcastPlan extends FragmentedPlan {
    /** Makes one reply of those of all servers. */
    @FunctionalInterface
    public interface Merge {
        /**
         * Writes the reply.
         *
         * @param replies by server; all are there
         * @return false if there is no memory for it
         */
        boolean write(Message result, IntFunction<Message> replies, int count);
    }

    private final Consumer<BroadcastPlan> recycler;
    private Merge merge;

    /**
     * A plan to be used again and again.
     *
     * @param messages of the server half
     * @param noMemory the error that says so
     * @param recycler takes the plan back when it is closed
     */
    public BroadcastPlan(MessagePool messages, DirectBuffer noMemory, Consumer<BroadcastPlan> recycler) {
        super(messages, noMemory);
        this.recycler = recycler;
    }

    /**
     * Copies a request that is all head for each server.
     *
     * @param servers  of the pool that the request is for
     * @param rule     how the replies become one
     * @param isSilent the client wants no answer
     * @return false if there was no memory; the plan is closed then
     */
    public boolean begin(long exchangeId, DirectBuffer request, int offset, int length, Router servers, Merge rule,
        boolean isSilent) {
        clear();
        merge = rule;
        for (int place = 0; place < servers.serverCount(); place++) {
            if (!request(addFragment(servers.server(place))).appendHead(request, offset, length)) {
                abandon();
                return false;
            }
        }
        open(exchangeId, servers.serverCount());
        if (isSilent) {
            keepSilent();
        }
        return true;
    }

    @Override
    protected boolean write(Message result) {
        DirectBuffer failure = firstFailure();
        return failure == null ? merge.write(result, this::reply, fragmentCount())
            : result.appendHead(failure, 0, failure.capacity());
    }

    @Override
    protected void recycle() {
        recycler.accept(this);
    }
}
