package org.millrace.conf;

import static org.millrace.conf.NumberTypes.autoOr;
import static org.millrace.conf.NumberTypes.milliseconds;
import static org.millrace.conf.NumberTypes.size;
import static org.millrace.conf.NumberTypes.smallSize;
import static org.millrace.conf.NumberTypes.whole;

import java.util.List;

/** The keys below {@code millrace: limits:}. */
final class LimitDirectives {
    /** How long a queue may be. */
    static final ValueType<Integer> QUEUE = whole(1, 1 << 20);

    /** Every key of the section. */
    static final DirectiveTable<LimitsDraft> TABLE;

    private static final int MAX_PAUSE_MS = 3_600_000;
    private static final String LARGEST = "2147483647";

    static {
        TABLE = new DirectiveTable<LimitsDraft>(List.of(
            Directive.of("max_memory", autoOr(0L, size("16mb", "16384gb")), "auto", (d, v) -> d.maxMemory = v),
            Directive.optional("max_message", size("64kb", LARGEST), "512mb, or max_memory if that is less",
                (d, v) -> d.maxMessage = v),
            Directive.optional("max_bulk", size("1kb", LARGEST), "512mb, or max_message if that is less",
                (d, v) -> d.maxBulk = v),
            Directive.of("max_arguments", whole(16, 1 << 24), "1048576", (d, v) -> d.maxArguments = v),
            Directive.of("max_reply_depth", whole(1, 1024), "32", (d, v) -> d.maxReplyDepth = v),
            Directive.of("max_inline", smallSize("64", "1mb"), "64kb", (d, v) -> d.maxInline = v),
            Directive.of("client_max_queue", QUEUE, "4096", (d, v) -> d.clientMaxQueue = v),
            Directive.of("client_max_output", smallSize("16kb", LARGEST), "1mb", (d, v) -> d.clientMaxOutput = v),
            Directive.of("client_frames_per_turn", whole(1, 1 << 16), "256", (d, v) -> d.clientFramesPerTurn = v),
            Directive.of("server_max_queue", QUEUE, "16384", (d, v) -> d.serverMaxQueue = v),
            Directive.of("server_max_unsent", smallSize("4kb", LARGEST), "256kb", (d, v) -> d.serverMaxUnsent = v),
            Directive.of("link_retry_min_ms", milliseconds(1, MAX_PAUSE_MS), "10", (d, v) -> d.linkRetryMinMs = v),
            Directive.optional("link_retry_max_ms", milliseconds(1, MAX_PAUSE_MS),
                "1000, or link_retry_min_ms if that is more", (d, v) -> d.linkRetryMaxMs = v),
            Directive.of("link_silence_ms", milliseconds(1, MAX_PAUSE_MS), "30000", (d, v) -> d.linkSilenceMs = v)));
    }

    private LimitDirectives() {
    }
}
