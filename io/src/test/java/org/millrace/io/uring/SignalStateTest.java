package org.millrace.io.uring;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Signals and the end of their descriptor, step by step. */
class SignalStateTest {
    private final SignalState state = new SignalState();

    @Test
    void shouldWriteOnceUntilTheSignalHasArrived() {
        assertTrue(state.startWriting());
        assertFalse(state.startWriting());
        state.written();
        assertFalse(state.startWriting());
        state.arrived();
        assertTrue(state.startWriting());
        state.written();
    }

    /** The second writes while the first, whose signal has been read already, has not noticed yet. */
    @Test
    void shouldNotCloseUnderASecondWriterWhenTheFirstIsDone() {
        assertTrue(state.startWriting());
        state.arrived();
        assertTrue(state.startWriting());
        state.written();
        assertFalse(state.tryClose());
        state.written();
        assertTrue(state.tryClose());
    }

    @Test
    void shouldLetNobodyWriteOnceClosed() {
        assertTrue(state.startWriting());
        assertFalse(state.tryClose());
        state.written();
        assertTrue(state.tryClose());
        assertFalse(state.startWriting());
        state.arrived();
        assertFalse(state.startWriting());
    }
}
