package org.millrace.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every directive of a pool: its default, values that are taken and texts that are refused. */
final class PoolDirectivesTest {
    private static final String BOOLS = "allowed: true or false";
    private static final String INTS = "allowed: 0..2147483647";
    private static final String NO_NUMBER = " (digits only: no sign, no unit, no fraction)";

    /** A directive, its default, a text with the value that it gives, a text that is refused and the message. */
    private record Case(String name, Object byDefault, String text, Object value, String refused, String message,
        Function<PoolConfig, Object> getter) {
    }

    private static final String SIZES = " (bytes, or with k kb m mb g gb as in redis.conf)";

    private static Stream<Case> cases() {
        return Stream.of(
            bool("redis", PoolConfig::redis),
            bool("tcpkeepalive", PoolConfig::tcpKeepAlive),
            bool("reuseport", PoolConfig::reusePort),
            bool("preconnect", PoolConfig::preconnect),
            bool("auto_eject_hosts", PoolConfig::autoEjectHosts),
            number("timeout", 0, " milliseconds", PoolConfig::timeoutMs),
            number("backlog", 512, "", PoolConfig::backlog),
            number("client_connections", 0, "", PoolConfig::clientConnections),
            number("redis_db", 0, "", PoolConfig::redisDb),
            number("server_retry_timeout", 30_000, " milliseconds", PoolConfig::serverRetryTimeoutMs),
            number("server_failure_limit", 2, "", PoolConfig::serverFailureLimit),
            new Case("server_connections", 1, "4", 4, "0", "is too small: \"0\"; allowed: 1..65535",
                PoolConfig::serverConnections),
            new Case("server_connections_total", 0, "4", 4, "0", "is too small: \"0\"; allowed: 1..65535",
                PoolConfig::serverConnectionsTotal),
            new Case("client_max_queue", 4096, "9", 9, "0", "is too small: \"0\"; allowed: 1..1048576",
                p -> p.limits().clientMaxQueue()),
            new Case("server_max_queue", 16_384, "9", 9, "1048577", "is too large: \"1048577\"; allowed: 1..1048576",
                p -> p.limits().serverMaxQueue()),
            new Case("client_max_bytes", 512L << 20, "1gb", 1L << 30, "1kb",
                "is too small: \"1kb\"; allowed: 64kb..16384gb" + SIZES, p -> p.limits().clientMaxBytes()),
            new Case("client_max_output", 1 << 20, "16kb", 16_384, "1kb",
                "is too small: \"1kb\"; allowed: 16kb..2147483647" + SIZES, p -> p.limits().clientMaxOutput()),
            new Case("client_max_expected", 16L << 20, "1mb", 1L << 20, "1kb",
                "is too small: \"1kb\"; allowed: 64kb..16384gb" + SIZES, p -> p.limits().clientMaxExpected()),
            new Case("client_output_limit", OutputLimit.NONE, "1mb 0 0", new OutputLimit(1 << 20, 0, 0),
                "normal 0 0 0", "names a class of clients: \"normal 0 0 0\"; allowed: HARD SOFT SECONDS as in "
                + "redis.conf:"
                + " two sizes and a number of seconds, 0 for none (there is only one; leave the word out)",
                p -> p.limits().clientOutputLimit()),
            new Case("pool_max_bytes", 0L, "1mb", 1L << 20, "1kb",
                "is too small: \"1kb\"; allowed: auto, or 1mb..16384gb" + SIZES, p -> p.limits().poolMaxBytes()),
            new Case("server_max_unsent", 256 << 10, "4kb", 4096, "1kb",
                "is too small: \"1kb\"; allowed: 4kb..2147483647" + SIZES, p -> p.limits().serverMaxUnsent()),
            number("client_idle_timeout", 0, " milliseconds", PoolConfig::clientIdleMs),
            number("queue_timeout", 0, " milliseconds", p -> p.limits().queueTimeoutMs()),
            new Case("hash", "fnv1a_64", "murmur", "murmur", "Murmur", "is not known: \"Murmur\"; allowed: "
                + String.join(" ", Directives.HASHES) + " (did you mean murmur?)", PoolConfig::hash),
            new Case("distribution", "ketama", "modula", "modula", "modulo",
                "is not known: \"modulo\"; allowed: ketama modula random (did you mean modula?)",
                PoolConfig::distribution),
            new Case("eject", "rehash", "fail_fast", "fail_fast", "rehashed",
                "is not known: \"rehashed\"; allowed: rehash fail_fast (did you mean rehash?)", PoolConfig::eject),
            new Case("admin_commands", "none", "read", "read", "some", "is not known: \"some\"; allowed: none read all "
                + "(did you mean none?)", PoolConfig::adminCommands),
            new Case("hash_tag", null, "'{}'", "{}", "'{'", "is not a pair of characters: \"{\"; "
                + "allowed: exactly two ASCII characters, such as \"{}\" or \"$$\"", PoolConfig::hashTag));
    }

    private static Case bool(String name, Function<PoolConfig, Object> getter) {
        return new Case(name, false, "true", true, "yes",
            "is neither true nor false: \"yes\"; " + BOOLS + " (write true)", getter);
    }

    private static Case number(String name, int byDefault, String unit, Function<PoolConfig, Object> getter) {
        return new Case(name, byDefault, "400", 400, "4s",
            "is not a number: \"4s\"; " + INTS + unit + NO_NUMBER, getter);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldTakeTheDefault(Case c) {
        assertEquals(c.byDefault, c.getter.apply(Yaml.onlyPool(Yaml.pool())));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldTakeAValuePlainOrQuoted(Case c) {
        assertEquals(c.value, c.getter.apply(Yaml.onlyPool(Yaml.pool(c.name + ": " + c.text))));
        final String bare = c.text.replace("'", "");
        assertEquals(c.value, c.getter.apply(Yaml.onlyPool(Yaml.pool(c.name + ": \"" + bare + '"'))));
        assertEquals(c.value, c.getter.apply(Yaml.onlyPool(Yaml.pool(c.name + ":   '" + bare + "'   # why"))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldRefuseWithPlacePathValueAndRemedy(Case c) {
        assertEquals(List.of("t.yml:3:" + (c.name.length() + 5) + ": alpha." + c.name + ": " + c.message),
            Yaml.errors(Yaml.pool(c.name + ": " + c.refused)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldRefuseAnEmptyValueAListAndADuplicate(Case c) {
        final List<String> empty = Yaml.errors(Yaml.pool(c.name + ":"));
        assertEquals(1, empty.size());
        assertTrue(empty.get(0).contains("alpha." + c.name + ": has no value; allowed: "), empty.get(0));
        assertTrue(Yaml.errors(Yaml.pool(c.name + ": \"\"")).get(0).contains("has no value"));
        final List<String> list = Yaml.errors(Yaml.pool(c.name + ":", "- x"));
        assertEquals(1, list.size());
        assertTrue(list.get(0).startsWith("t.yml:4:3: alpha." + c.name + ": must be a single value"), list.get(0));
        assertEquals(
            List.of("t.yml:4:3: alpha." + c.name + ": is a duplicate: it stands on line 3 already; remove one"),
            Yaml.errors(Yaml.pool(c.name + ": " + c.text, c.name + ": " + c.text)));
    }

    @Test
    void shouldHaveACaseForEachDirective() {
        final Set<String> missing = new HashSet<>(PoolDirectives.TABLE.names());
        cases().forEach(c -> missing.remove(c.name));
        assertEquals(Set.of("listen", "servers", "redis_auth", "redis_user", "server_auth", "capture"), missing);
    }

    @Test
    void shouldTakeEachHashAndDistribution() {
        Directives.HASHES.forEach(hash -> assertEquals(hash, Yaml.onlyPool(Yaml.pool("hash: " + hash)).hash()));
        Directives.DISTRIBUTIONS.forEach(
            name -> assertEquals(name, Yaml.onlyPool(Yaml.pool("distribution: " + name)).distribution()));
    }

    @ParameterizedTest
    @MethodSource("notNumbers")
    void shouldTakeOnlyDigitsAsANumber(String text) {
        final List<String> errors = Yaml.errors(Yaml.pool("backlog: '" + text + "'"));
        assertEquals(1, errors.size());
        assertTrue(errors.get(0).startsWith("t.yml:3:12: alpha.backlog: is "), errors.get(0));
    }

    private static Stream<String> notNumbers() {
        return Stream.of("-1", "+1", "1.0", "1e3", "0x10", "1_000", " 1", "1 ", "\u0661", "\uff11", "2147483648",
            "9223372036854775808", "99999999999999999999999999999999", "~", "null", "four");
    }

    @Test
    void shouldTakeLeadingZerosAndTheLargestInt() {
        assertEquals(400, Yaml.onlyPool(Yaml.pool("backlog: 00000000000000000000000400")).backlog());
        assertEquals(Integer.MAX_VALUE, Yaml.onlyPool(Yaml.pool("backlog: 2147483647")).backlog());
    }

    @ParameterizedTest
    @MethodSource("otherBools")
    void shouldHintAtTrueAndFalse(String text, String hint) {
        assertEquals(List.of("t.yml:3:10: alpha.redis: is neither true nor false: \"" + text + "\"; " + BOOLS + hint),
            Yaml.errors(Yaml.pool("redis: " + text)));
    }

    private static Stream<Arguments> otherBools() {
        return Stream.of("yes,on,True,TRUE,1", "no,off,False,FALSE,0", "maybe")
            .flatMap(group -> Stream.of(group.split(",")).map(word -> Arguments.of(word,
                group.startsWith("y") ? " (write true)" : group.startsWith("n") ? " (write false)" : "")));
    }

    @Test
    void shouldTakePairsOfEqualCharactersAsHashTagAndRefuseOthers() {
        assertEquals("$$", Yaml.onlyPool(Yaml.pool("hash_tag: $$")).hashTag());
        assertEquals("# ", Yaml.onlyPool(Yaml.pool("hash_tag: '# '")).hashTag());
        assertEquals(1, Yaml.errors(Yaml.pool("hash_tag: '{}}'")).size());
        assertEquals(1, Yaml.errors(Yaml.pool("hash_tag: \u00e9\u00e8")).size());
        assertTrue(Yaml.errors(Yaml.pool("hash_tag: {}")).get(0).contains("needs quotes"));
    }

    @Test
    void shouldTakeAPasswordOnlyInARedisPoolAndNeverShowIt() {
        assertEquals("hush: #1", Yaml.onlyPool(Yaml.pool("redis: true", "redis_auth: 'hush: #1'")).auth().password());
        assertNull(Yaml.onlyPool(Yaml.pool("redis: true")).auth());
        assertEquals(List.of("t.yml:3:15: alpha.redis_auth: is only valid in a redis pool; "
            + "add 'redis: true' or remove it"), Yaml.errors(Yaml.pool("redis_auth: hush")));
        assertEquals(1, Yaml.errors(Yaml.pool("redis: on", "redis_auth: hush")).size());
        final PoolConfig pool = Yaml.onlyPool(Yaml.pool("redis: true", "redis_auth: hush"));
        assertTrue(!pool.toString().contains("hush"), pool.toString());
        assertTrue(!pool.auth().toString().contains("hush"), pool.auth().toString());
    }

    @Test
    void shouldShowNoPasswordInErrors() {
        for (final String written : List.of("*hush", "&hush", "!hush", "%hush", "@hush", "`hush", "|hush", "{hush",
            "[hush]", "{hush: x}", "\"hush", "'hush", "\"x\\qhush\"", "x: hush", "- hush", "? hush", "\thush",
            "\u0001hush", "hush\u0007", "\"x\" hush", "&x *x hush", "x\n  redis_auth: hush")) {
            final List<String> own = Yaml.errors(Yaml.pool("redis: true", "redis_auth: " + written));
            final List<String> servers = Yaml.errors(Yaml.pool("redis: true", "server_auth:",
                "  127.0.0.1:6379: " + written, "backlog: x"));
            assertTrue(!own.isEmpty() && !own.toString().contains("hush"), own.toString());
            assertTrue(!servers.isEmpty() && !servers.toString().contains("hush"), servers.toString());
        }
        for (final String line : List.of("redis_auth:hush", "redis_auth hush", "redis_auth=hush", "redis_pass: hush",
            "server_auth: hush", "server_auth: [hush]", "redis_user: hush:x: y")) {
            final List<String> errors = Yaml.errors(Yaml.pool("redis: true", line));
            assertTrue(!errors.isEmpty() && !errors.toString().contains("hush"), errors.toString());
        }
    }

    @Test
    void shouldTakeAUserOnlyWithAPassword() {
        assertEquals("app", Yaml.onlyPool(Yaml.pool("redis: true", "redis_auth: hush", "redis_user: app")).auth()
            .user());
        assertEquals(List.of("t.yml:4:15: alpha.redis_user: is a name without a password; add redis_auth or remove it"),
            Yaml.errors(Yaml.pool("redis: true", "redis_user: app")));
        assertEquals(List.of("t.yml:3:15: alpha.redis_user: is only valid in a redis pool; "
            + "add 'redis: true' or remove it"), Yaml.errors(Yaml.pool("redis_user: app")));
    }

    @Test
    void shouldGiveServersTheirOwnPasswords() {
        final PoolConfig pool = Yaml.onlyPool("alpha:\n  listen: 127.0.0.1:22121\n  redis: true\n  redis_auth: hush\n"
            + "  redis_user: app\n  server_auth:\n    second: other\n"
            + "  servers:\n  - 127.0.0.1:6379:1\n  - 127.0.0.1:6380:1 second\n");
        assertEquals(new Credentials("app", "hush"), pool.authFor(pool.servers().get(0)));
        assertEquals(new Credentials("app", "other"), pool.authFor(pool.servers().get(1)));
        assertEquals(List.of("t.yml:5:5: alpha.server_auth.127.0.0.1:6378: is no server of this pool; "
            + "did you mean 127.0.0.1:6379?"),
            Yaml.errors(Yaml.pool("redis: true", "server_auth:", "  127.0.0.1:6378: x")));
        assertEquals(1, Yaml.errors(Yaml.pool("redis: true", "server_auth: x")).size());
        assertEquals(1, Yaml.errors(Yaml.pool("redis: true", "server_auth:", "  127.0.0.1:6379: x",
            "  127.0.0.1:6379: y")).size());
        assertEquals(1, Yaml.errors(Yaml.pool("redis: true", "server_auth:", "  127.0.0.1:6379: [x]")).size());
    }

    @Test
    void shouldRefuseATotalBelowTheConnectionsOfOneLane() {
        assertEquals(List.of("t.yml:4:29: alpha.server_connections_total: is less than the server_connections of one "
            + "lane: \"2\"; allowed: at least 3, or lower server_connections"),
            Yaml.errors(Yaml.pool("server_connections: 3", "server_connections_total: 2")));
        assertEquals(3, Yaml.onlyPool(Yaml.pool("server_connections: 3", "server_connections_total: 3"))
            .serverConnectionsTotal());
        assertEquals(1, Yaml.onlyPool(Yaml.pool("server_connections_total: 1")).serverConnections());
    }

    @Test
    void shouldTakeTheQueuesOfThePoolFromTheLimits() {
        final String limits = Yaml.limits("client_max_queue: 7", "server_max_queue: 8");
        assertEquals(7, Yaml.onlyPool(limits).limits().clientMaxQueue());
        assertEquals(8, Yaml.onlyPool(limits).limits().serverMaxQueue());
        final PoolConfig own = Yaml.onlyPool(Yaml.pool("client_max_queue: 3")
            + "millrace:\n  limits:\n    client_max_queue: 7\n    server_max_queue: 8\n");
        assertEquals(3, own.limits().clientMaxQueue());
        assertEquals(8, own.limits().serverMaxQueue());
    }
}
