package org.millrace.conf;

/** The limits while they are being read. Null stands for a limit that follows from others when it is not given. */
final class LimitsDraft {
    long maxMemory;
    Long maxMessage;
    Long maxBulk;
    int maxArguments;
    int maxReplyDepth;
    int maxInline;
    int clientFramesPerTurn;
    int gatherTimeoutMs;
    int streamWindow;
    int linkHoldMs;
    int linkRetryMinMs;
    Integer linkRetryMaxMs;
    int linkSilenceMs;
    final PoolLimitsDraft pool = new PoolLimitsDraft();

    LimitsDraft() {
        LimitDirectives.TABLE.applyDefaults(this);
    }

    /** The largest message: as given, else the default or all the memory there is. */
    long message() {
        final long byDefault = LimitsConfig.defaults().maxMessage();
        return maxMessage != null ? maxMessage : maxMemory > 0 ? Math.min(byDefault, maxMemory) : byDefault;
    }

    /** The largest value: as given, else the default or the largest message. */
    long bulk() {
        return maxBulk != null ? maxBulk : Math.min(LimitsConfig.defaults().maxBulk(), message());
    }

    /** The longest pause: as given, else the default or the first pause. */
    int retryMaxMs() {
        return linkRetryMaxMs != null ? linkRetryMaxMs
            : Math.max(LimitsConfig.defaults().linkRetryMaxMs(), linkRetryMinMs);
    }

    LimitsConfig build() {
        return new LimitsConfig(maxMemory, message(), bulk(), maxArguments, maxReplyDepth, maxInline,
            clientFramesPerTurn, gatherTimeoutMs, streamWindow, linkHoldMs, linkRetryMinMs, retryMaxMs(),
            linkSilenceMs, pool.build(message()));
    }
}
