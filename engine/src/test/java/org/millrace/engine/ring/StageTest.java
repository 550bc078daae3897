package org.millrace.engine.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.YieldingWaitStrategy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What all stages have in common. */
class StageTest {
    private final RingBuffer<int[]> ring =
        RingBuffer.createSingleProducer(() -> new int[1], 8, new YieldingWaitStrategy());
    private final List<String> faults = new ArrayList<>();

    @Test
    void shouldHandleWhatIsThereInOrder() {
        Recorder stage = new Recorder("a");
        publish(1, 2, 3);
        assertTrue(stage.hasNext());
        assertEquals(3, stage.doWork());
        assertEquals(List.of(1, 2, 3), stage.handled);
        assertEquals(1, stage.batches);
        assertFalse(stage.hasNext());
        assertEquals(0, stage.doWork());
        assertEquals(1, stage.batches);
    }

    @Test
    void shouldComeAgainToASlotThatIsUnderPressure() {
        Recorder stage = new Recorder("a");
        stage.pressureAt = 2;
        publish(1, 2, 3);
        assertEquals(1, stage.doWork());
        assertEquals(0, stage.doWork());
        assertEquals(0, stage.sequence().get());
        assertTrue(stage.hasNext());
        stage.pressureAt = -1;
        assertEquals(2, stage.doWork());
        assertEquals(List.of(1, 2, 3), stage.handled);
    }

    @Test
    void shouldGoOnBehindAnException() {
        Recorder stage = new Recorder("a");
        stage.failAt = 2;
        publish(1, 2, 3);
        assertEquals(3, stage.doWork());
        assertEquals(List.of(1, 3), stage.handled);
        assertEquals(List.of(2), stage.faulted);
        assertEquals(List.of("a: two"), faults);
        assertEquals(2, stage.sequence().get());
    }

    @Test
    void shouldTakeOnlyWhatTheStageBeforeHasPassed() {
        Recorder first = new Recorder("first");
        Recorder second = new Recorder("second", first.sequence());
        first.pressureAt = 3;
        publish(1, 2, 3);
        assertFalse(second.hasNext());
        assertEquals(0, second.doWork());
        first.doWork();
        assertEquals(2, second.doWork());
        assertEquals(List.of(1, 2), second.handled);
    }

    @Test
    void shouldFreeASlotOnlyBehindTheLastStage() {
        Recorder stage = new Recorder("a");
        ring.addGatingSequences(stage.sequence());
        publish(1, 2, 3, 4, 5, 6, 7, 8);
        assertFalse(ring.hasAvailableCapacity(1));
        stage.doWork();
        assertTrue(ring.hasAvailableCapacity(8));
    }

    private void publish(int... values) {
        for (int value : values) {
            long sequence = ring.next();
            ring.get(sequence)[0] = value;
            ring.publish(sequence);
        }
    }

    /** Notes what it is given. */
    private final class Recorder extends Stage<int[]> {
        private final List<Integer> handled = new ArrayList<>();
        private final List<Integer> faulted = new ArrayList<>();
        private int pressureAt = -1;
        private int failAt = -1;
        private int batches;

        Recorder(String name, Sequence... before) {
            super(name, ring, (place, fault) -> faults.add(place + ": " + fault.getMessage()), before);
        }

        @Override
        protected boolean onSlot(int[] slot, long slotSequence) {
            if (slot[0] == pressureAt) {
                return false;
            }
            if (slot[0] == failAt) {
                throw new IllegalArgumentException("two");
            }
            handled.add(slot[0]);
            return true;
        }

        @Override
        protected void onFault(int[] slot) {
            faulted.add(slot[0]);
        }

        @Override
        protected void onBatchEnd() {
            batches++;
        }
    }
}
