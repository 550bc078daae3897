package org.millrace.routing.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.conf.ServerConfig;
import org.millrace.routing.Allocations;
import org.millrace.routing.TestPools;

/** The ring: its points, its lookup, and which keys move when servers come and go. */
class KetamaDistributionTest {
    private static final long SEED = 20_261_122L;
    private static final int KEYS = 200_000;
    private static final Set<Integer> COUNTS_WITH_156_POINTS = Set.of(25, 47, 50, 55, 61, 100, 200);

    @Test
    void shouldCountPointsInFloatArithmetic() {
        List<Integer> counts = new ArrayList<>(List.of(100, 128, 200, 256, 300, 512));
        for (int count = 1; count <= 64; count++) {
            counts.add(count);
        }
        for (int count : counts) {
            Distribution ring = equalRing(count);
            int expected = COUNTS_WITH_156_POINTS.contains(count) ? 156 : 160;
            assertEquals(expected, ring.slotsOf(0), count + " servers");
            assertEquals(expected, ring.slotsOf(count - 1), count + " servers");
            assertEquals(0, ring.slotsOf(count));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 64})
    void shouldFindWhatASearchOfTheWholeRingFinds(int count) {
        List<ServerNode> nodes = nodes(count);
        long[] points = KetamaPoints.of(nodes);
        Distribution ring = DistributionKind.KETAMA.over(nodes);
        for (long point : points) {
            int value = (int) (point >>> 32);
            for (int hash = value - 1; hash != value + 2; hash++) {
                assertEquals(search(points, hash), ring.serverFor(hash), "hash " + hash);
            }
        }
        for (int hash : new int[] {0, 1, -1, -2, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertEquals(search(points, hash), ring.serverFor(hash), "hash " + hash);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 16, 23})
    void shouldMoveKeysOnlyToAnAddedServer(int count) {
        assertMovesOnly(equalRing(count), equalRing(count + 1), count, true);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 8, 24})
    void shouldMoveKeysOnlyFromARemovedServer(int count) {
        List<ServerNode> nodes = new ArrayList<>(nodes(count));
        Distribution before = DistributionKind.KETAMA.over(nodes);
        int removed = count / 2;
        nodes.remove(removed);
        assertMovesOnly(before, DistributionKind.KETAMA.over(nodes), removed, false);
    }

    @Test
    void shouldNotDependOnTheOrderInTheFile() {
        List<ServerConfig> servers = new ArrayList<>(TestPools.equalServers(12));
        Distribution ring = DistributionKind.KETAMA.over(ServerNode.listOf(servers));
        Distribution reversed = DistributionKind.KETAMA.over(ServerNode.listOf(servers.reversed()));
        Random random = new Random(SEED);
        for (int i = 0; i < KEYS; i++) {
            int hash = random.nextInt();
            assertEquals(ring.serverFor(hash), 11 - reversed.serverFor(hash), "seed " + SEED);
        }
    }

    @Test
    void shouldCutLongNamesAsTwemproxyDoes() {
        String prefix = "n".repeat(272);
        List<ServerNode> nodes = ServerNode.listOf(
            List.of(TestPools.server(prefix + "a", 1), TestPools.server(prefix + "b", 1)));
        long[] points = KetamaPoints.of(nodes);
        assertEquals(320, points.length);
        assertEquals(4, Arrays.stream(points).map(point -> point >>> 32).distinct().count());
        Distribution ring = DistributionKind.KETAMA.over(nodes);
        assertEquals(0, ring.serverFor(12_345), "equal points belong to the first server");
    }

    @Test
    void shouldAllocateNothing() {
        Distribution ring = equalRing(16);
        long allocated = Allocations.ofMillionCalls(i -> ring.serverFor(i * 0x9e3779b9));
        assertEquals(0, allocated, () -> "allocated " + allocated + " bytes");
    }

    private static void assertMovesOnly(Distribution before, Distribution after, int server, boolean isAdded) {
        Random random = new Random(SEED);
        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            int hash = random.nextInt();
            int from = before.serverFor(hash);
            int to = after.serverFor(hash);
            if (from != to) {
                moved++;
                assertEquals(server, isAdded ? to : from, "hash " + hash + ", seed " + SEED);
            } else if (!isAdded) {
                assertTrue(to != server, "a removed server has no keys");
            }
        }
        assertTrue(moved > 0 && moved < KEYS, "moved " + moved);
    }

    private static int search(long[] points, int hash) {
        for (long point : points) {
            if (point >>> 32 >= Integer.toUnsignedLong(hash)) {
                return (int) point;
            }
        }
        return (int) points[0];
    }

    private static Distribution equalRing(int count) {
        return DistributionKind.KETAMA.over(nodes(count));
    }

    private static List<ServerNode> nodes(int count) {
        return ServerNode.listOf(TestPools.equalServers(count));
    }
}
