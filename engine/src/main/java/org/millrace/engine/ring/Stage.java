package org.millrace.engine.ring;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;

/**
 * One stage of a ring: consumes the slots that all stages before it have passed, in order, and advances its sequence.
 * Knows no thread: whoever calls {@link #doWork()} is its thread, always the same one.
 *
 * @param <S> the ring's slot
 */
public abstract class Stage<S> {
    private final RingBuffer<S> ring;
    private final SequenceBarrier upstream;
    private final Sequence sequence = new Sequence();
    private final StageFaults faults;
    private final String name;

    /**
     * A stage behind others of the same ring, or behind its publisher if there are none.
     *
     * @param name   for the report of a fault
     * @param faults told of exceptions, which never stop the stage
     */
    protected Stage(String name, RingBuffer<S> ring, StageFaults faults, Sequence... before) {
        this.name = name;
        this.ring = ring;
        this.faults = faults;
        this.upstream = ring.newBarrier(before);
    }

    /** How far this stage has come. */
    public final Sequence sequence() {
        return sequence;
    }

    /** True if a slot is there for this stage. */
    public final boolean hasNext() {
        return sequence.get() < upstream.getCursor();
    }

    /**
     * Handles what is there.
     *
     * @return number of slots passed
     */
    public final int doWork() {
        long from = sequence.get();
        long to = upstream.getCursor();
        long at = from;
        while (at < to) {
            S slot = ring.get(at + 1);
            try {
                if (!onSlot(slot, at + 1)) {
                    break;
                }
            } catch (RuntimeException e) {
                faults.onFault(name, e);
                onFault(slot);
            }
            at++;
        }
        if (at != from) {
            sequence.set(at);
            onBatchEnd();
        }
        return (int) (at - from);
    }

    /**
     * Handles one slot.
     *
     * @return false if the stage cannot go on now (pressure): the slot comes again at the next call
     */
    protected abstract boolean onSlot(S slot, long slotSequence);

    /** Ends the connection that the slot served, after an exception. */
    protected abstract void onFault(S slot);

    /** After the last slot of a batch. */
    protected void onBatchEnd() {
    }
}
