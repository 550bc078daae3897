package org.millrace.perf.jmh;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import org.millrace.engine.ring.RequestPort;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.ring.Rings;
import org.millrace.engine.ring.Stage;
import org.millrace.engine.ring.StageFaults;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What the engine's ring and stages cost a request on one thread when the stages do nothing: publishing it and passing
 * it through so many stages, a batch at a time. Each stage is a final class with a field and a call of its own, as in
 * the halves of a lane: only so can the JIT see which {@code onSlot} a call of {@code doWork} leads to.
 */
public class RingHopBenchmark extends NanosBenchmark {
    /** Requests in one invocation. */
    static final int OPERATIONS = 1024;
    private static final int SLOTS = 4096;

    /** Stages on the ring. */
    @Param({"1", "2", "3", "4", "5"})
    int stages;

    /** Requests published before the stages run. */
    @Param({"1", "16", "64"})
    int batch;

    private RequestPort port;
    private First first;
    private Second second;
    private Third third;
    private Fourth fourth;
    private Fifth fifth;

    /** Makes the ring and its stages. */
    @Setup
    public void setUp() {
        RingBuffer<RequestSlot> ring = new Rings(SLOTS).requests();
        port = new RequestPort(ring);
        first = new First(ring);
        second = new Second(ring, first.sequence());
        third = new Third(ring, second.sequence());
        fourth = new Fourth(ring, third.sequence());
        fifth = new Fifth(ring, fourth.sequence());
        ring.addGatingSequences(last().sequence());
    }

    private Idle last() {
        return switch (stages) {
            case 1 -> first;
            case 2 -> second;
            case 3 -> third;
            case 4 -> fourth;
            default -> fifth;
        };
    }

    /** Returns the requests that the last stage has passed. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int pass() {
        int passed = 0;
        for (int done = 0; done < OPERATIONS; done += batch) {
            publish();
            passed += turn();
        }
        return passed;
    }

    private void publish() {
        for (int i = 0; i < batch && port.hasRoom(); i++) {
            long sequence = port.claim();
            RequestSlot slot = port.slot(sequence);
            slot.kind = RequestSlot.REQUEST;
            slot.exchangeId = sequence;
            port.publish(sequence);
        }
    }

    private int turn() {
        int passed = first.doWork();
        if (stages > 1) {
            passed = second.doWork();
        }
        if (stages > 2) {
            passed = third.doWork();
        }
        if (stages > 3) {
            passed = fourth.doWork();
        }
        if (stages > 4) {
            passed = fifth.doWork();
        }
        return passed;
    }

    /** Passes every request. */
    private abstract static class Idle extends Stage<RequestSlot> {
        private static final StageFaults NONE = (place, fault) -> {
            throw fault;
        };

        Idle(RingBuffer<RequestSlot> ring, Sequence... before) {
            super("idle", ring, NONE, before);
        }

        @Override
        protected void onFault(RequestSlot slot) {
            throw new IllegalStateException("a stage that does nothing cannot fail");
        }
    }

    /** Where parse is. */
    private static final class First extends Idle {
        First(RingBuffer<RequestSlot> ring) {
            super(ring);
        }

        @Override
        protected boolean onSlot(RequestSlot slot, long slotSequence) {
            return slot.kind == RequestSlot.REQUEST;
        }
    }

    /** Where filter is. */
    private static final class Second extends Idle {
        Second(RingBuffer<RequestSlot> ring, Sequence before) {
            super(ring, before);
        }

        @Override
        protected boolean onSlot(RequestSlot slot, long slotSequence) {
            return slot.kind == RequestSlot.REQUEST;
        }
    }

    /** Where route is. */
    private static final class Third extends Idle {
        Third(RingBuffer<RequestSlot> ring, Sequence before) {
            super(ring, before);
        }

        @Override
        protected boolean onSlot(RequestSlot slot, long slotSequence) {
            return slot.kind == RequestSlot.REQUEST;
        }
    }

    /** Where send is. */
    private static final class Fourth extends Idle {
        Fourth(RingBuffer<RequestSlot> ring, Sequence before) {
            super(ring, before);
        }

        @Override
        protected boolean onSlot(RequestSlot slot, long slotSequence) {
            return slot.kind == RequestSlot.REQUEST;
        }
    }

    /** One more. */
    private static final class Fifth extends Idle {
        Fifth(RingBuffer<RequestSlot> ring, Sequence before) {
            super(ring, before);
        }

        @Override
        protected boolean onSlot(RequestSlot slot, long slotSequence) {
            return slot.kind == RequestSlot.REQUEST;
        }
    }
}
