package org.millrace.engine.plan;

import org.agrona.DirectBuffer;
import org.millrace.engine.message.Message;
import org.millrace.engine.message.MessagePool;

/** A plan of a request with many keys, each of which goes to a fragment. */
public abstract class KeyedPlan extends FragmentedPlan {
    /** A pooled plan with arrays longer than this is not worth keeping. */
    private static final int KEPT_KEYS_MAX = 1 << 16;

    private int[] fragmentOfKey = new int[64];

    /**
     * A plan to be used again and again.
     *
     * @param messages of the server half
     * @param noMemory the error that says so
     */
    protected KeyedPlan(MessagePool messages, DirectBuffer noMemory) {
        super(messages, noMemory);
    }

    /** Begins with no fragment, for so many keys. */
    protected final void clear(int keys) {
        clear();
        if (fragmentOfKey.length < keys) {
            fragmentOfKey = new int[Integer.highestOneBit(keys - 1) * 2];
        }
    }

    /** A key goes to a fragment. */
    public void assign(int key, int fragment) {
        fragmentOfKey[key] = fragment;
    }

    /** Where a key went. */
    public final int fragmentOf(int key) {
        return fragmentOfKey[key];
    }

    /** False if it has grown so much that its memory is better given up. */
    public final boolean isWorthKeeping() {
        return fragmentOfKey.length <= KEPT_KEYS_MAX;
    }

    /** Makes room for all replies together, and some bytes more; false if there is no memory. */
    protected final boolean reserve(Message result, long more) {
        long bytes = more;
        for (int i = 0; i < fragmentCount(); i++) {
            bytes += reply(i).headLength();
        }
        return result.reserveHead((int) Math.min(bytes, Integer.MAX_VALUE / 2));
    }
}
