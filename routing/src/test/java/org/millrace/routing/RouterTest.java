package org.millrace.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hash tags, the empty key, the only server, and no garbage. */
class RouterTest {
    @ParameterizedTest
    @CsvSource({
        "{},       {a}b,      a",
        "{},       x{user1}y, user1",
        "{},       x{a}{b},   a",
        "{},       x}{a}b,    a",
        "{},       {{a}},     {a",
        "{},       {}{a},     {}{a}",
        "{},       x{}y,      x{}y",
        "{},       x{a,       x{a",
        "{},       x}a,       x}a",
        "{},       {,         {",
        "{},       plain,     plain",
        "$$,       x$a$y,     a",
        "$$,       x$$a$,     x$$a$",
        "$$,       x$a,       x$a",
    })
    void shouldHashOnlyWhatTheTagEncloses(String tag, String key, String part) {
        assertEquals(hash(null, part), hash(tag, key));
    }

    @Test
    void shouldNotLookForTheTagOutsideTheKey() {
        Router router = router("fnv1a_64", "{}");
        UnsafeBuffer buffer = new UnsafeBuffer("{x{abc}y}".getBytes(UTF_8));
        assertEquals(hash(null, "{abc"), router.hash(buffer, 2, 4));
        assertEquals(hash(null, "abc"), router.hash(buffer, 2, 5));
    }

    @Test
    void shouldRefuseATagThatIsNotTwoBytes() {
        assertThrows(IllegalArgumentException.class, () -> router("md5", "{"));
        assertThrows(IllegalArgumentException.class, () -> router("md5", "{}}"));
        assertThrows(IllegalArgumentException.class, () -> router("md5", "\u00fc}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fnv1a_64", "jenkins", "md5"})
    void shouldGiveAnEmptyKeyTheHashZero(String hash) {
        UnsafeBuffer empty = new UnsafeBuffer(new byte[0]);
        assertEquals(0, router(hash, null).hash(empty, 0, 0));
        assertEquals(0, router(hash, "{}").hash(empty, 0, 0));
        assertEquals(0, PoolTopology.of(TestPools.pool(hash, "modula", null, TestPools.equalServers(3)))
            .newRouter().route(empty, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ketama", "modula", "random"})
    void shouldGiveTheOnlyServerEveryKey(String distribution) {
        PoolTopology pool = PoolTopology.of(
            TestPools.pool("murmur", distribution, "{}", TestPools.equalServers(1)));
        assertEquals(0, pool.serverOf("any".getBytes(UTF_8)).index());
        assertEquals(0, pool.serverOf(new byte[0]).index());
    }

    @Test
    void shouldRepeatARandomDistributionFromItsSeed() {
        PoolTopology pool = PoolTopology.of(
            TestPools.pool("fnv1a_64", "random", null, TestPools.equalServers(4)));
        assertEquals(sequence(pool.newRouter(7)), sequence(pool.newRouter(7)));
        assertNotEquals(sequence(pool.newRouter(7)), sequence(pool.newRouter(8)));
    }

    @ParameterizedTest
    @CsvSource({"fnv1a_64, ketama, {}", "md5, ketama,", "crc16, modula, {}", "murmur, random,"})
    void shouldAllocateNothing(String hash, String distribution, String tag) {
        Router router = PoolTopology.of(
            TestPools.pool(hash, distribution, tag, TestPools.equalServers(8))).newRouter();
        UnsafeBuffer keys = new UnsafeBuffer("prefix:{user:1000000}:suffix-of-some-length".getBytes(UTF_8));
        long allocated = Allocations.ofMillionCalls(i -> router.route(keys, i & 7, 20 + (i & 7)));
        assertEquals(0, allocated, () -> "allocated " + allocated + " bytes");
    }

    private static String sequence(Router router) {
        UnsafeBuffer key = new UnsafeBuffer("key".getBytes(UTF_8));
        StringBuilder servers = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            servers.append(router.route(key, 0, 3));
        }
        return servers.toString();
    }

    private static int hash(String tag, String key) {
        byte[] bytes = key.getBytes(UTF_8);
        return router("fnv1a_64", tag).hash(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    private static Router router(String hash, String tag) {
        return PoolTopology.of(TestPools.pool(hash, "ketama", tag, TestPools.equalServers(2))).newRouter();
    }
}
