package org.millrace.perf.endtoend;

import java.util.Locale;

/** How a lane's stages are spread over threads; what is tested end to end is tested both ways. */
enum StageThreads {
    FUSED, SPLIT;

    String directive() {
        return name().toLowerCase(Locale.ROOT);
    }
}
