package org.millrace.conf;

/** The engine's settings while they are being read. */
final class EngineDraft {
    int lanes;
    String transport;
    String stageThreads;
    String waitStrategy;
    int moderationUs;
    int ringSlots;
    int drainMs;
    int resolveMs;
    boolean hotKeys;
    AddressConfig admin;
    String adminToken;
    final HistogramsDraft histograms = new HistogramsDraft();
    final LimitsDraft limits = new LimitsDraft();
    final CaptureDraft capture = new CaptureDraft();

    EngineDraft() {
        EngineDirectives.TABLE.applyDefaults(this);
    }

    EngineConfig build() {
        return new EngineConfig(lanes, transport, stageThreads, waitStrategy, moderationUs, ringSlots, drainMs,
            resolveMs, hotKeys, histograms.build(), new AdminConfig(admin, adminToken), limits.build(),
            capture.build());
    }
}
