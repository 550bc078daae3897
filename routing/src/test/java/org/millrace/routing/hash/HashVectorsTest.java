package org.millrace.routing.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.conf.Directives;
import org.millrace.routing.Allocations;
import org.millrace.routing.Vectors;

/** Every hash against what twemproxy computed, and against the promise to allocate nothing. */
class HashVectorsTest {
    private static final int MARGIN = 7;
    private static List<?> vectors;

    @BeforeAll
    static void read() {
        vectors = Vectors.list(Vectors.read("hash"), "vectors");
    }

    @Test
    void shouldOfferTheHashesOfTheConfigurationInItsOrder() {
        assertEquals(Directives.HASHES, Arrays.stream(HashKind.values()).map(HashKind::configName).toList());
        for (HashKind kind : HashKind.values()) {
            assertEquals(kind, HashKind.byName(kind.configName()));
        }
        assertThrows(IllegalArgumentException.class, () -> HashKind.byName("sha1"));
    }

    @ParameterizedTest
    @EnumSource
    void shouldComputeWhatTwemproxyComputes(HashKind kind) {
        assertEquals(130, vectors.size());
        KeyHash hash = kind.newHash();
        for (Object item : vectors) {
            Map<?, ?> vector = (Map<?, ?>) item;
            byte[] key = HexFormat.of().parseHex((String) vector.get("key_hex"));
            long expected = Vectors.number(((Map<?, ?>) vector.get("hashes")).get(kind.configName()));
            DirectBuffer exact = new UnsafeBuffer(key);
            assertEquals(expected, Integer.toUnsignedLong(hash.hash(exact, 0, key.length)), () -> "key " + vector);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldIgnoreWhatSurroundsTheKey(HashKind kind) {
        KeyHash hash = kind.newHash();
        for (Object item : vectors) {
            byte[] key = HexFormat.of().parseHex((String) ((Map<?, ?>) item).get("key_hex"));
            UnsafeBuffer surrounded = new UnsafeBuffer(new byte[key.length + 2 * MARGIN]);
            surrounded.setMemory(0, surrounded.capacity(), (byte) 0xa5);
            surrounded.putBytes(MARGIN, key);
            int expected = hash.hash(new UnsafeBuffer(key), 0, key.length);
            assertEquals(expected, hash.hash(surrounded, MARGIN, key.length), () -> "key " + item);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldAllocateNothing(HashKind kind) {
        KeyHash hash = kind.newHash();
        UnsafeBuffer keys = new UnsafeBuffer(new byte[128]);
        long allocated = Allocations.ofMillionCalls(i -> hash.hash(keys, i & 15, i & 63));
        assertEquals(0, allocated, () -> kind + " allocated " + allocated + " bytes");
    }
}
