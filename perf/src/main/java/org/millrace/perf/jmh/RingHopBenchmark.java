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
 * it through so many stages, a batch at a time.
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
    private Idle[] line;

    /** Makes the ring and its stages. */
    @Setup
    public void setUp() {
        RingBuffer<RequestSlot> ring = new Rings(SLOTS).requests();
        port = new RequestPort(ring);
        line = new Idle[stages];
        for (int i = 0; i < stages; i++) {
            line[i] = i == 0 ? stage(i, ring) : stage(i, ring, line[i - 1].sequence());
        }
        ring.addGatingSequences(line[stages - 1].sequence());
    }

    /** Returns the requests that the last stage has passed. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int pass() {
        int passed = 0;
        for (int done = 0; done < OPERATIONS; done += batch) {
            for (int i = 0; i < batch && port.hasRoom(); i++) {
                long sequence = port.claim();
                RequestSlot slot = port.slot(sequence);
                slot.kind = RequestSlot.REQUEST;
                slot.exchangeId = sequence;
                port.publish(sequence);
            }
            for (int i = 0; i < line.length - 1; i++) {
                line[i].doWork();
            }
            passed += line[line.length - 1].doWork();
        }
        return passed;
    }

    /** Each stage is a class of its own, so that the JIT sees as many kinds of stage as in the engine. */
    private static Idle stage(int number, RingBuffer<RequestSlot> ring, Sequence... before) {
        return switch (number) {
            case 0 -> new Idle(ring, before) { };
            case 1 -> new Idle(ring, before) {
                @Override
                protected boolean onSlot(RequestSlot slot, long slotSequence) {
                    return slot.kind == RequestSlot.REQUEST;
                }
            };
            case 2 -> new Idle(ring, before) {
                @Override
                protected boolean onSlot(RequestSlot slot, long slotSequence) {
                    return slot.exchangeId == slotSequence;
                }
            };
            case 3 -> new Idle(ring, before) {
                @Override
                protected boolean onSlot(RequestSlot slot, long slotSequence) {
                    return slot.kind == RequestSlot.REQUEST;
                }
            };
            default -> new Idle(ring, before) {
                @Override
                protected boolean onSlot(RequestSlot slot, long slotSequence) {
                    return slot.exchangeId == slotSequence;
                }
            };
        };
    }

    /** Passes every slot. */
    private abstract static class Idle extends Stage<RequestSlot> {
        private static final StageFaults NONE = (place, fault) -> {
            throw fault;
        };

        Idle(RingBuffer<RequestSlot> ring, Sequence... before) {
            super("idle", ring, NONE, before);
        }

        @Override
        protected boolean onSlot(RequestSlot slot, long slotSequence) {
            return true;
        }

        @Override
        protected void onFault(RequestSlot slot) {
            throw new IllegalStateException("a stage that does nothing cannot fail");
        }
    }
}
