package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.conf.ConfigException;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.io.SegmentArena;

/** What each arena gets of max_memory must be enough for it. */
class MemoryShareTest {
    private static final long MIB = 1 << 20;

    @Test
    void shouldRefuseMemoryThatIsTooLittleForAllArenas() {
        LaneSpec spec = LaneSpec.lane().limit("max_memory", "16mb").engine("lanes", 4);
        Unsupported.check(spec.read());
        assertEquals(4 * MIB, MemoryShare.of(spec.read().engine()).ownBytes());
        assertEquals(4 * MIB, MemoryShare.of(spec.read().engine()).mostBytes());
        String error = refused(spec.engine("stage_threads", "split"));
        assertTrue(error.contains("max_memory: 16777216 bytes are too few for 8 halves of lanes, each of which needs "
            + "4194304 of its own; raise max_memory to 33554432 or more, or use fewer lanes"), error);
    }

    @Test
    void shouldGiveEachArenaAQuarterOfAnEqualPartAndTheRestToWhoeverNeedsIt() {
        LaneSpec spec = LaneSpec.lane().limit("max_memory", "128mb");
        assertEquals(128 * MIB, MemoryShare.of(spec.read().engine()).ownBytes());
        MemoryShare share = MemoryShare.of(spec.engine("lanes", 2).engine("stage_threads", "split").read().engine());
        assertEquals(8 * MIB, share.ownBytes());
        assertEquals(104 * MIB, share.mostBytes());
        var arenas = share.newArenas();
        List<SegmentArena> all = List.of(arenas.get(), arenas.get(), arenas.get(), arenas.get());
        for (SegmentArena arena : all) {
            assertEquals(104 * MIB, arena.maxBytes());
            assertEquals(78 * MIB, arena.plainBytes());
            assertEquals(128 * MIB, arena.allowance().budget().totalBytes());
        }
        all.forEach(SegmentArena::close);
    }

    @Test
    void shouldRefuseALongestMessageThatHasNoRoomInALane() {
        LaneSpec spec = LaneSpec.lane().limit("max_memory", "64mb").limit("max_message", "56mb").engine("lanes", 2);
        Unsupported.check(spec.read());
        String error = refused(spec.engine("lanes", 4));
        assertTrue(error.contains("max_message: 58720256 is more than the 54525952 bytes of max_memory that one of 4 "
            + "lanes can have; allowed: at most 54525952, or raise max_memory to 72271085 or more"), error);
        assertEquals(List.of(), Unsupported.warnings(spec.read()));
        Unsupported.check(spec.limit("max_memory", 72271085).read());
        refused(spec.limit("max_memory", 72271079));
    }

    @Test
    void shouldWarnWhenTheDefaultLongestMessageHasNoRoom() {
        LaneSpec spec = LaneSpec.lane().limit("max_memory", "64mb");
        assertEquals(List.of(), Unsupported.warnings(spec.read()));
        spec.engine("lanes", 2);
        Unsupported.check(spec.read());
        List<String> warnings = Unsupported.warnings(spec.read());
        assertEquals(1, warnings.size());
        assertTrue(warnings.getFirst().contains("set max_message to 58720256 or less"), warnings.getFirst());
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
