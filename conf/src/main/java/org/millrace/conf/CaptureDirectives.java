package org.millrace.conf;

import static org.millrace.conf.NumberTypes.size;
import static org.millrace.conf.NumberTypes.smallSize;
import static org.millrace.conf.NumberTypes.whole;
import static org.millrace.conf.WordTypes.BOOL;
import static org.millrace.conf.WordTypes.TEXT;

import java.util.List;

/** The keys below {@code millrace: capture:}. */
final class CaptureDirectives {
    /** Every key of the section. */
    static final DirectiveTable<CaptureDraft> TABLE;

    private static final int MAX_AGE_S = 31_536_000;
    private static final int MAX_SAMPLE = 1_000_000;

    static {
        TABLE = new DirectiveTable<CaptureDraft>(List.of(
            Directive.optional("dir", TEXT, "none", (d, v) -> d.dir = v),
            Directive.of("max_size", size("1mb", "16384gb"), "1gb", (d, v) -> d.maxSize = v),
            Directive.of("max_age_s", whole(0, MAX_AGE_S), "86400", (d, v) -> d.maxAgeS = v),
            Directive.of("segment_size", smallSize("256kb", "1gb"), "64mb", (d, v) -> d.segmentSize = v),
            Directive.of("sample", whole(1, MAX_SAMPLE), "1", (d, v) -> d.sample = v),
            Directive.of("redact", BOOL, "false", (d, v) -> d.redact = v),
            Directive.of("ring", smallSize("64kb", "512mb"), "4mb", (d, v) -> d.ring = v)));
    }

    private CaptureDirectives() {
    }
}
