package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.EngineConfig;

/** How many lanes {@code auto} may come to. */
class LaneCountTest {
    private static final long HEAP = 256 << 20;

    @Test
    void shouldHaveALaneForEachProcessorWhereMemoryHasRoom() {
        EngineConfig engine = engine("auto", "8gb", "512mb", "fused");
        assertEquals(1, LaneCount.automatic(engine, 1, HEAP));
        assertEquals(6, LaneCount.automatic(engine, 6, HEAP));
        assertEquals(8, LaneCount.automatic(engine, 96, HEAP), "the heap has room for no more");
        assertEquals(1, LaneCount.automatic(engine, 96, LaneCount.HEAP_BYTES));
        assertEquals(96, LaneCount.automatic(engine, 96, 16 * HEAP));
        assertEquals(128, LaneCount.automatic(engine, 1000, 160 * HEAP), "64 MiB each");
        assertEquals(256, LaneCount.automatic(engine("auto", "64gb", "1mb", "fused"), 1000, 160 * HEAP));
    }

    @Test
    void shouldHaveNoMoreLanesThanLeaveRoomForTheLongestMessage() {
        EngineConfig engine = engine("auto", "600mb", "512mb", "fused");
        assertEquals(2, LaneCount.automatic(engine, 8, HEAP));
        assertEquals(1, LaneCount.automatic(engine("auto", "512mb", "512mb", "fused"), 8, HEAP));
        assertEquals(8, LaneCount.automatic(engine("auto", "600mb", "400mb", "fused"), 8, HEAP));
        assertEquals(1, LaneCount.automatic(engine("auto", "64mb", "1mb", "fused"), 8, HEAP));
        Unsupported.check(ConfigReader.read("test.yml", yaml("auto", "16mb", "16mb", "split")));
        assertEquals(List.of(), Unsupported.warnings(ConfigReader.read("test.yml", yaml("auto", "700mb", "512mb",
            "split"))));
    }

    @Test
    void shouldTakeAFixedNumberAsItIs() {
        assertEquals(7, LaneCount.of(engine("7", "1gb", "1mb", "fused")));
    }

    private static EngineConfig engine(String lanes, String memory, String message, String threads) {
        return ConfigReader.read("test.yml", yaml(lanes, memory, message, threads)).engine();
    }

    private static String yaml(String lanes, String memory, String message, String threads) {
        return "alpha:\n  listen: 127.0.0.1:1\n  redis: true\n  servers:\n    - 127.0.0.1:2:1\nmillrace:\n  lanes: "
            + lanes + "\n  stage_threads: " + threads + "\n  limits:\n    max_memory: " + memory
            + "\n    max_message: " + message + "\n";
    }
}
