package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.conf.ConfigException;
import org.millrace.engine.kit.LaneSpec;

/** max_memory divided by lanes must be enough for each of them. */
class MemoryShareTest {
    private static final long MIB = 1 << 20;

    @Test
    void shouldRefuseAPartThatCannotWork() {
        LaneSpec spec = LaneSpec.lane().limit("max_memory", "16mb").engine("lanes", 4);
        Unsupported.check(spec.read());
        assertEquals(4 * MIB, MemoryShare.bytes(spec.read().engine()));
        String error = refused(spec.engine("stage_threads", "split"));
        assertTrue(error.contains("max_memory: 16777216 bytes are 2097152 for each of 8 halves of lanes"), error);
        assertTrue(error.contains("raise max_memory to 33554432 or more, or use fewer lanes"), error);
    }

    @Test
    void shouldRefuseALongestMessageThatHasNoRoomInALane() {
        LaneSpec spec = LaneSpec.lane().limit("max_memory", "64mb").limit("max_message", "32mb").engine("lanes", 2);
        Unsupported.check(spec.read());
        String error = refused(spec.engine("lanes", 4));
        assertTrue(error.contains("max_message: 33554432 is more than the 16777216 bytes of max_memory for each of 4 "
            + "lanes; allowed: at most 16777216, or raise max_memory to 134217728 or more"), error);
        assertEquals(List.of(), Unsupported.warnings(spec.read()));
    }

    @Test
    void shouldWarnWhenTheDefaultLongestMessageHasNoRoom() {
        LaneSpec spec = LaneSpec.lane().limit("max_memory", "64mb");
        assertEquals(List.of(), Unsupported.warnings(spec.read()));
        spec.engine("lanes", 2);
        Unsupported.check(spec.read());
        List<String> warnings = Unsupported.warnings(spec.read());
        assertEquals(1, warnings.size());
        assertTrue(warnings.getFirst().contains("set max_message to 33554432 or less"), warnings.getFirst());
    }

    @Test
    void shouldTakeHalfOfWhatTheHeapLeaves() {
        assertEquals(128 * MIB, MemoryShare.automatic(512 * MIB, 256 * MIB));
        assertEquals(896 * MIB, MemoryShare.automatic(2048 * MIB, 256 * MIB));
        assertEquals(16 * MIB, MemoryShare.automatic(280 * MIB, 256 * MIB));
        assertEquals(16 * MIB, MemoryShare.automatic(128 * MIB, 256 * MIB));
        assertEquals(Long.MAX_VALUE / 2, MemoryShare.automatic(Long.MAX_VALUE, 0));
    }

    private static String refused(LaneSpec spec) {
        return assertThrows(ConfigException.class, () -> Unsupported.check(spec.read())).getMessage();
    }
}
