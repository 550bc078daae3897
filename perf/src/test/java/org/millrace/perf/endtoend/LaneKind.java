package org.millrace.perf.endtoend;

/**
 * How a lane's stages are spread over threads, and how it talks to the system; what is tested end to end is tested in
 * each way. The transport of the first two is the best that the machine has.
 */
enum LaneKind {
    FUSED("fused", "auto"), SPLIT("split", "auto"), FUSED_ON_NIO("fused", "nio");

    private final String stageThreads;
    private final String transport;

    LaneKind(String stageThreads, String transport) {
        this.stageThreads = stageThreads;
        this.transport = transport;
    }

    String stageThreads() {
        return stageThreads;
    }

    String transport() {
        return transport;
    }
}
