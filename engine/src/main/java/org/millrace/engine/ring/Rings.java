package org.millrace.engine.ring;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;

/** The two rings of a lane. Nobody ever waits on them: a full ring is pressure, an empty one the end of a turn. */
public final class Rings {
    private final RingBuffer<RequestSlot> requests;
    private final RingBuffer<ReplySlot> replies;

    /**
     * Makes both rings.
     *
     * @param slots of each ring, a power of two
     */
    public Rings(int slots) {
        // stages poll the cursor and never call waitFor: which strategy stands here does not matter
        requests = RingBuffer.createSingleProducer(RequestSlot::new, slots, new YieldingWaitStrategy());
        replies = RingBuffer.createSingleProducer(ReplySlot::new, slots, new YieldingWaitStrategy());
    }

    public RingBuffer<RequestSlot> requests() {
        return requests;
    }

    public RingBuffer<ReplySlot> replies() {
        return replies;
    }

    /** Slots published and not yet passed by the last stage, of both rings; 0 when the lane is idle. */
    public long occupied() {
        return occupied(requests) + occupied(replies);
    }

    private static long occupied(RingBuffer<?> ring) {
        return ring.getBufferSize() - ring.remainingCapacity();
    }
}
