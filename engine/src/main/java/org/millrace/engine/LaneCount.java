package org.millrace.engine;

import org.millrace.conf.EngineConfig;

/**
 * How many lanes a process has: what the file says, or with {@code auto} as many as can be of use: one for each
 * processor, as far as heap and {@code max_memory} have room for them beside the longest message.
 */
final class LaneCount {
    /** For the records of requests and clients of a lane, and its rings. */
    static final long HEAP_BYTES = 32 << 20;
    /** A lane with less of {@code max_memory} would soon be short. */
    static final long MEMORY_BYTES = 64 << 20;
    /** As many as an exchange's identity has room for. */
    private static final int MOST = 256;

    private LaneCount() {
    }

    /** On this machine, or in this cgroup. */
    static int of(EngineConfig engine) {
        return isAuto(engine) ? automatic(engine, Runtime.getRuntime().availableProcessors(),
            Runtime.getRuntime().maxMemory()) : engine.lanes();
    }

    static boolean isAuto(EngineConfig engine) {
        return engine.lanes() == 0;
    }

    /** What {@code auto} comes to with so many processors and so large a heap. */
    static int automatic(EngineConfig engine, int processors, long heapBytes) {
        long most = Math.min(Math.min(processors, MOST), heapBytes / HEAP_BYTES);
        int lanes = 1;
        while (lanes < most && hasRoom(engine, lanes + 1)) {
            lanes++;
        }
        return lanes;
    }

    private static boolean hasRoom(EngineConfig engine, int lanes) {
        MemoryShare share = MemoryShare.of(engine, lanes);
        return share.totalBytes() / lanes >= MEMORY_BYTES && engine.limits().maxMessage() <= share.mostBytes();
    }
}
