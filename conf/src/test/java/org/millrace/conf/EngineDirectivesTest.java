package org.millrace.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The section {@code millrace:} and its limits. */
final class EngineDirectivesTest {
    private static final String OUTPUT_LIMITS =
        "allowed: HARD SOFT SECONDS as in redis.conf: two sizes and a number of seconds, 0 for none";
    private static final String SIZES = " (bytes, or with k kb m mb g gb as in redis.conf)";

    /** A key below millrace or limits, a text with its value, a text that is refused and the message. */
    private record Case(String name, String text, Object value, String refused, String message,
        Function<EngineConfig, Object> getter) {
        boolean isLimit() {
            return LimitDirectives.TABLE.names().contains(name);
        }

        String path() {
            return (isLimit() ? "millrace.limits." : "millrace.") + name;
        }

        String file(String value) {
            return "millrace:\n  " + (isLimit() ? "limits:\n    " : "") + name + ": " + value + '\n' + Yaml.pool();
        }

        String place() {
            return isLimit() ? "t.yml:3:" + (name.length() + 7) : "t.yml:2:" + (name.length() + 5);
        }
    }

    private static Case limit(String name, String text, Object value, String refused, String message,
        Function<LimitsConfig, Object> getter) {
        return new Case(name, text, value, refused, message, engine -> getter.apply(engine.limits()));
    }

    private static Stream<Case> cases() {
        return Stream.concat(latency(), others());
    }

    private static Stream<Case> latency() {
        return Stream.of(
            new Case("latency", "false", false, "off", "is neither true nor false: \"off\"; allowed: true or false "
                + "(write false)", engine -> engine.histograms().latency()),
            new Case("latency_log", "/var/log/l.hlog", "/var/log/l.hlog", "[a]", "must be a single value, not a list "
                + "or a mapping; allowed: any text (a value that begins with [ or { needs quotes)",
                engine -> engine.histograms().latencyLog()),
            new Case("latency_log_interval", "60000", 60_000, "999", "is too small: \"999\"; allowed: "
                + "1000..3600000 milliseconds", engine -> engine.histograms().latencyLogIntervalMs()),
            new Case("latency_log_max_bytes", "1mb", 1L << 20, "1kb", "is too small: \"1kb\"; allowed: 64kb..16gb"
                + SIZES, engine -> engine.histograms().latencyLogMaxBytes()),
            new Case("slowlog_log_slower_than_us", "0", 0, "60000001", "is too large: \"60000001\"; allowed: "
                + "0..60000000", engine -> engine.histograms().slowlogLogSlowerThanUs()),
            new Case("slowlog_max_len", "0", 0, "4097", "is too large: \"4097\"; allowed: 0..4096",
                engine -> engine.histograms().slowlogMaxLen()));
    }

    private static Stream<Case> others() {
        return Stream.of(
            new Case("lanes", "3", 3, "257", "is too large: \"257\"; allowed: auto, or 1..256", EngineConfig::lanes),
            new Case("transport", "nio", "nio", "epoll", "is not known: \"epoll\"; allowed: auto io_uring nio",
                EngineConfig::transport),
            new Case("stage_threads", "split", "split", "fussed",
                "is not known: \"fussed\"; allowed: fused split (did you mean fused?)", EngineConfig::stageThreads),
            new Case("wait_strategy", "busy_spin", "busy_spin", "busy-spin", "is not known: \"busy-spin\"; allowed: "
                + "blocking sleeping yielding busy_spin (did you mean busy_spin?)", EngineConfig::waitStrategy),
            new Case("moderation_us", "0", 0, "5001", "is too large: \"5001\"; allowed: 0..5000",
                EngineConfig::moderationUs),
            new Case("ring_slots", "64", 64, "1000", "is not a power of two: \"1000\"; allowed: a power of two, "
                + "8..1048576 (the next larger one is 1024)", EngineConfig::ringSlots),
            new Case("drain_ms", "0", 0, "5s", "is not a number: \"5s\"; allowed: 0..3600000 milliseconds "
                + "(digits only: no sign, no unit, no fraction)", EngineConfig::drainMs),
            new Case("resolve_interval", "0", 0, "86400001", "is too large: \"86400001\"; allowed: 0..86400000 "
                + "milliseconds", EngineConfig::resolveMs),
            new Case("hot_keys", "false", false, "off", "is neither true nor false: \"off\"; allowed: true or false "
                + "(write false)", EngineConfig::hotKeys),
            new Case("admin", "22290", AddressConfig.tcp("127.0.0.1", 22_290), "/run/admin", "is no address of TCP: "
                + "\"/run/admin\"; allowed: host:port, or a port of 127.0.0.1 (browsers do not open unix sockets)",
                engine -> engine.adminPort().admin()),
            new Case("admin", "proxy:1", AddressConfig.tcp("proxy", 1), "99999", "has an invalid port: "
                + "\"99999\"; allowed: host:port, or a port of 127.0.0.1 (a port is 1..65535)",
                engine -> engine.adminPort().admin()),
            new Case("admin_token", "plain:s3cret", "s3cret", "env:MILLRACE_NO_SUCH", "names a variable that is not "
                + "set: \"env:MILLRACE_NO_SUCH\"; allowed: a password, file:/path or env:NAME to read it from there, "
                + "or plain:PASSWORD (set it for this process, or write plain: before a password that begins with "
                + "env:)", engine -> engine.adminPort().adminToken()),
            limit("max_memory", "1gb", 1L << 30, "15mb",
                "is too small: \"15mb\"; allowed: auto, or 16mb..16384gb" + SIZES,
                LimitsConfig::maxMemory),
            limit("max_message", "1GB", 1L << 30, "2gb", "is too large: \"2gb\"; allowed: 64kb..2147483647" + SIZES,
                LimitsConfig::maxMessage),
            limit("max_bulk", "1m", 1_000_000L, "1x", "is not a size: \"1x\"; allowed: 1kb..2147483647" + SIZES
                + " (write for instance 65536, 64kb or 512mb)", LimitsConfig::maxBulk),
            limit("max_arguments", "16", 16, "15", "is too small: \"15\"; allowed: 16..16777216",
                LimitsConfig::maxArguments),
            limit("max_reply_depth", "7", 7, "1025", "is too large: \"1025\"; allowed: 1..1024",
                LimitsConfig::maxReplyDepth),
            limit("max_inline", "1000b", 1000, "2mb", "is too large: \"2mb\"; allowed: 64..1mb" + SIZES,
                LimitsConfig::maxInline),
            limit("client_max_queue", "5", 5, "0", "is too small: \"0\"; allowed: 1..1048576",
                l -> l.pool().clientMaxQueue()),
            limit("client_max_output", "2147483647", Integer.MAX_VALUE, "1kb",
                "is too small: \"1kb\"; allowed: 16kb..2147483647" + SIZES, l -> l.pool().clientMaxOutput()),
            limit("client_frames_per_turn", "1", 1, "65537", "is too large: \"65537\"; allowed: 1..65536",
                LimitsConfig::clientFramesPerTurn),
            limit("server_max_queue", "5", 5, "0", "is too small: \"0\"; allowed: 1..1048576",
                l -> l.pool().serverMaxQueue()),
            limit("server_max_unsent", "64k", 64_000, "kb", "is not a size: \"kb\"; allowed: 4kb..2147483647" + SIZES
                + " (write for instance 65536, 64kb or 512mb)", l -> l.pool().serverMaxUnsent()),
            limit("client_max_bytes", "1gb", 1L << 30, "1kb", "is too small: \"1kb\"; allowed: 64kb..16384gb" + SIZES,
                l -> l.pool().clientMaxBytes()),
            limit("client_max_expected", "64kb", 65_536L, "1kb",
                "is too small: \"1kb\"; allowed: 64kb..16384gb" + SIZES, l -> l.pool().clientMaxExpected()),
            limit("client_output_limit", "2mb 1m 60", new OutputLimit(2 << 20, 1_000_000, 60), "1mb 2mb",
                "is not three values: \"1mb 2mb\"; " + OUTPUT_LIMITS
                + " (such as 256mb 64mb 60, or 0 0 0 for no limit)",
                l -> l.pool().clientOutputLimit()),
            limit("pool_max_bytes", "1mb", 1L << 20, "1kb",
                "is too small: \"1kb\"; allowed: auto, or 1mb..16384gb" + SIZES, l -> l.pool().poolMaxBytes()),
            limit("queue_timeout", "20", 20, "-1", "is not a number: \"-1\"; allowed: 0..2147483647 milliseconds "
                + "(digits only: no sign, no unit, no fraction)", l -> l.pool().queueTimeoutMs()),
            limit("gather_timeout", "20", 20, "0", "is too small: \"0\"; allowed: 1..3600000 milliseconds",
                LimitsConfig::gatherTimeoutMs),
            limit("stream_window", "64kb", 65_536, "1", "is too small: \"1\"; allowed: 64kb..2147483647" + SIZES,
                LimitsConfig::streamWindow),
            limit("link_hold_ms", "20", 20, "0", "is too small: \"0\"; allowed: 1..3600000 milliseconds",
                LimitsConfig::linkHoldMs),
            limit("link_retry_min_ms", "20", 20, "0", "is too small: \"0\"; allowed: 1..3600000 milliseconds",
                LimitsConfig::linkRetryMinMs),
            limit("link_retry_max_ms", "20", 20, "0", "is too small: \"0\"; allowed: 1..3600000 milliseconds",
                LimitsConfig::linkRetryMaxMs),
            limit("link_silence_ms", "20", 20, "0", "is too small: \"0\"; allowed: 1..3600000 milliseconds",
                LimitsConfig::linkSilenceMs));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldTakeAValue(Case c) {
        assertEquals(c.value, c.getter.apply(Yaml.read(c.file(c.text)).engine()));
        assertEquals(c.value, c.getter.apply(Yaml.read(c.file('"' + c.text + '"')).engine()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldRefuseWithPlacePathValueAndRemedy(Case c) {
        assertEquals(List.of(c.place() + ": " + c.path() + ": " + c.message), Yaml.errors(c.file(c.refused)));
    }

    @Test
    void shouldHaveACaseForEachKey() {
        final Set<String> missing = new HashSet<>(EngineDirectives.TABLE.names());
        missing.addAll(LimitDirectives.TABLE.names());
        cases().forEach(c -> missing.remove(c.name));
        assertEquals(Set.of("limits", "capture"), missing);
    }

    @Test
    void shouldHaveTheSameDefaultsAsTheRecords() {
        assertEquals(EngineConfig.defaults(), new EngineDraft().build());
        assertEquals(EngineConfig.defaults(), Yaml.read(Yaml.pool()).engine());
        assertEquals(EngineConfig.defaults(), Yaml.read("millrace:\n  limits:\n" + Yaml.pool()).engine());
        assertEquals(EngineConfig.defaults(), Yaml.read("millrace:\n" + Yaml.pool()).engine());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1b, 1", "1k, 1000", "1kb, 1024", "1K, 1000", "1Kb, 1024", "2m, 2000000", "2mb, 2097152",
        "3g, 3000000000", "3GB, 3221225472", "1.5g, -1", "-1, -1", "k, -1", "1 kb, -1", "1tb, -1", "1bb, -1",
        "9223372036854775807gb, 9223372036854775807"})
    void shouldCountSizesAsRedisDoes(String text, long bytes) {
        assertEquals(bytes, NumberTypes.bytes(text));
    }

    @Test
    void shouldLetLimitsThatAreNotGivenFollow() {
        final LimitsConfig memory = Yaml.read(Yaml.limits("max_memory: 64mb")).engine().limits();
        assertEquals(64L << 20, memory.maxMessage());
        assertEquals(64L << 20, memory.maxBulk());
        assertEquals(1L << 20, Yaml.read(Yaml.limits("max_message: 1mb")).engine().limits().maxBulk());
        assertEquals(7_000, Yaml.read(Yaml.limits("link_retry_min_ms: 7000")).engine().limits().linkRetryMaxMs());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "max_memory: 16mb      | max_message: 16777217 | 4:18 | max_message | max_memory  | 16777217 | 16777216",
        "max_message: 1mb      | max_bulk: 2mb         | 4:15 | max_bulk    | max_message | 2097152  | 1048576",
        "max_message: 64kb     | max_inline: 65537     | 4:17 | max_inline  | max_message | 65537    | 65536",
        "link_retry_max_ms: 20 | link_retry_min_ms: 21 | 4:24 | link_retry_min_ms | link_retry_max_ms | 21 | 20"})
    void shouldRefuseLimitsThatDoNotFitTogether(String first, String second, String place, String less, String more,
        long value, long limit) {
        assertEquals(List.of("t.yml:" + place + ": millrace.limits." + less + ": is more than " + more + ": " + value
            + "; allowed: at most " + limit + ", or raise " + more), Yaml.errors(Yaml.limits(first, second)));
    }

    @Test
    void shouldTellWhereAMisplacedKeyBelongs() {
        assertEquals(List.of("t.yml:2:3: millrace.max_bulk: unknown directive; "
            + "it belongs one level deeper, in limits:"),
            Yaml.errors("millrace:\n  max_bulk: 1mb\n" + Yaml.pool()));
        assertEquals(List.of("t.yml:3:3: alpha.lanes: unknown directive; it belongs under the top-level key millrace:"),
            Yaml.errors(Yaml.pool("lanes: 3")));
        assertTrue(Yaml.errors(Yaml.limits("max_mesage: 3")).get(0).endsWith("did you mean max_message?"));
        assertEquals(List.of("t.yml:1:11: millrace: is Millrace's own section and must be a mapping; write one "
            + "'key: value' a line, indented below it"), Yaml.errors("millrace: on\n" + Yaml.pool()));
    }
}
