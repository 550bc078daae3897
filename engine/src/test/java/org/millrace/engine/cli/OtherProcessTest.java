package org.millrace.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whether a process is there, and a signal to it. */
class OtherProcessTest {
    @Test
    void shouldKnowWhetherItIsThere() throws Exception {
        Process child = new ProcessBuilder("sleep", "60").start();
        OtherProcess other = new OtherProcess(child.pid());
        assertTrue(other.isVisible() && other.isAlive());
        assertTrue(other.started().isPresent());
        assertTrue(other.signal("0"), "what tells of one that is hidden");
        assertTrue(other.signal("TERM"));
        assertEquals(128 + 15, child.waitFor());
        assertFalse(other.isVisible() || other.isAlive());
        assertFalse(other.signal("0"));
        assertEquals(Optional.empty(), other.started());
    }
}
