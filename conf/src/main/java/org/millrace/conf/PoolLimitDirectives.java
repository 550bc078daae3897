package org.millrace.conf;

import static org.millrace.conf.NumberTypes.autoOr;
import static org.millrace.conf.NumberTypes.milliseconds;
import static org.millrace.conf.NumberTypes.size;
import static org.millrace.conf.NumberTypes.smallSize;
import static org.millrace.conf.NumberTypes.whole;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The keys that may stand below {@code millrace: limits:}, for all pools, and in a pool, for that one. */
final class PoolLimitDirectives {
    private static final String LARGEST = "2147483647";
    private static final String MOST = "16384gb";
    private static final String NO_LIMIT_OF_ITS_OWN = "the value under millrace: limits:";

    private PoolLimitDirectives() {
    }

    /** For a section whose defaults stand in the table. */
    static <B> List<Directive<B>> ofAllPools(Function<B, PoolLimitsDraft> draft) {
        return new Table<>(draft, true).directives;
    }

    /** For a pool, which begins with what holds for all. */
    static <B> List<Directive<B>> ofOnePool(Function<B, PoolLimitsDraft> draft) {
        return new Table<>(draft, false).directives;
    }

    private static final class Table<B> {
        private final List<Directive<B>> directives = new ArrayList<>();
        private final Function<B, PoolLimitsDraft> draft;
        private final boolean literal;

        Table(Function<B, PoolLimitsDraft> draft, boolean literal) {
            this.draft = draft;
            this.literal = literal;
            add("client_max_queue", whole(1, 1 << 20), "4096", (d, v) -> d.clientMaxQueue = v);
            follows("client_max_bytes", size("64kb", MOST), "max_message", (d, v) -> d.clientMaxBytes = v);
            add("client_max_output", smallSize("16kb", LARGEST), "1mb", (d, v) -> d.clientMaxOutput = v);
            add("client_max_expected", size("64kb", MOST), "16mb", (d, v) -> d.clientMaxExpected = v);
            add("client_output_limit", OutputLimitType.OUTPUT_LIMIT, "0 0 0", (d, v) -> d.clientOutputLimit = v);
            add("pool_max_bytes", autoOr(0L, size("1mb", MOST)), "auto", (d, v) -> d.poolMaxBytes = v);
            add("server_max_queue", whole(1, 1 << 20), "16384", (d, v) -> d.serverMaxQueue = v);
            add("server_max_unsent", smallSize("4kb", LARGEST), "256kb", (d, v) -> d.serverMaxUnsent = v);
            add("queue_timeout", milliseconds(0, Integer.MAX_VALUE), "0", (d, v) -> d.queueTimeoutMs = v);
        }

        private <T> void add(String name, ValueType<T> type, String value, BiConsumer<PoolLimitsDraft, T> setter) {
            if (literal) {
                directives.add(Directive.of(name, type, value, (d, v) -> setter.accept(draft.apply(d), v)));
            } else {
                follows(name, type, value, setter);
            }
        }

        private <T> void follows(String name, ValueType<T> type, String words, BiConsumer<PoolLimitsDraft, T> setter) {
            directives.add(Directive.optional(name, type, literal ? words : NO_LIMIT_OF_ITS_OWN,
                (d, v) -> setter.accept(draft.apply(d), v)));
        }
    }
}
