package org.millrace.conf;

import java.util.List;
import java.util.Map;
import org.millrace.conf.YamlNode.Entry;
import org.millrace.conf.YamlNode.Mapping;
import org.millrace.conf.YamlNode.Refused;
import org.millrace.conf.YamlNode.Scalar;

/** Reads what stands below {@code millrace:} and checks how the limits fit together. */
final class EngineReader {
    private static final String LIMITS = EngineDirectives.SECTION + ".limits";

    private EngineReader() {
    }

    /** The settings, to be used only if nothing was reported. */
    static EngineConfig read(Entry entry, Findings findings) {
        final EngineDraft draft = new EngineDraft();
        if (entry.value() instanceof Mapping mapping) {
            final Map<String, YamlNode> given =
                EngineDirectives.TABLE.read(mapping, draft, EngineDirectives.SECTION, findings);
            if (given.get("limits") instanceof Mapping limits) {
                check(draft.limits, limits, findings);
            }
            if (!draft.histograms.latency && !draft.histograms.latencyLog.isEmpty()) {
                findings.warn(given.get("latency_log"), EngineDirectives.SECTION + ".latency_log",
                    "has no effect with 'latency: false', which keeps nothing that could be written");
            }
            for (final String slowlog : List.of("slowlog_log_slower_than_us", "slowlog_max_len")) {
                if (!draft.histograms.latency && given.get(slowlog) != null) {
                    findings.warn(given.get(slowlog), EngineDirectives.SECTION + '.' + slowlog,
                        "has no effect with 'latency: false', with which nobody knows what is slow");
                }
            }
        } else if (!(entry.value() instanceof Refused) && !(entry.value() instanceof Scalar s && s.text().isEmpty())) {
            findings.error(entry.value(), EngineDirectives.SECTION,
                "is Millrace's own section and must be a mapping; write one 'key: value' a line, indented below it");
        }
        return draft.build();
    }

    private static void check(LimitsDraft limits, Mapping section, Findings findings) {
        if (limits.maxMemory > 0 && limits.message() > limits.maxMemory) {
            refuse("max_message", limits.message(), "max_memory", limits.maxMemory, section, findings);
        }
        if (limits.bulk() > limits.message()) {
            refuse("max_bulk", limits.bulk(), "max_message", limits.message(), section, findings);
        }
        if (limits.maxInline > limits.message()) {
            refuse("max_inline", limits.maxInline, "max_message", limits.message(), section, findings);
        }
        final Long clientMaxBytes = limits.pool.clientMaxBytes;
        if (clientMaxBytes != null && clientMaxBytes < limits.message()) {
            refuse("max_message", limits.message(), "client_max_bytes", clientMaxBytes, section, findings);
        }
        if (limits.maxMemory > 0 && clientMaxBytes != null && clientMaxBytes > limits.maxMemory) {
            refuse("client_max_bytes", clientMaxBytes, "max_memory", limits.maxMemory, section, findings);
        }
        if (limits.linkRetryMinMs > limits.retryMaxMs()) {
            refuse("link_retry_min_ms", limits.linkRetryMinMs, "link_retry_max_ms", limits.retryMaxMs(), section,
                findings);
        }
    }

    private static void refuse(String less, long value, String more, long limit, Mapping section, Findings findings) {
        YamlNode at = section;
        for (final Entry entry : section.entries()) {
            if (entry.key().text().equals(less)) {
                at = entry.value();
                break;
            }
        }
        findings.error(at.line(), at.column(), LIMITS + '.' + less, Long.toString(value),
            "is more than " + more + ": " + value + "; allowed: at most " + limit + ", or raise " + more);
    }
}
