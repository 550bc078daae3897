package org.millrace.routing.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.millrace.conf.ServerConfig;
import org.millrace.routing.Allocations;
import org.millrace.routing.TestPools;

/** Slots in ring order, as many as the weight, however large. */
class ModulaDistributionTest {
    private static final long SEED = 20_261_122L;

    @Test
    void shouldAgreeWithASlotForEachUnitOfWeight() {
        Random random = new Random(SEED);
        for (int round = 0; round < 50; round++) {
            List<ServerNode> nodes = randomNodes(random);
            List<Integer> slots = new ArrayList<>();
            nodes.stream().sorted(ServerNode.RING_ORDER).forEach(node -> {
                for (int i = 0; i < node.weight(); i++) {
                    slots.add(node.index());
                }
            });
            Distribution modula = DistributionKind.MODULA.over(nodes);
            for (int i = 0; i < 1_000; i++) {
                int hash = random.nextInt();
                int slot = (int) (Integer.toUnsignedLong(hash) % slots.size());
                assertEquals(slots.get(slot), modula.serverFor(hash), "seed " + SEED);
            }
        }
    }

    @Test
    void shouldTakeTheGreatestWeights() {
        int weight = Integer.MAX_VALUE;
        Distribution modula = DistributionKind.MODULA.over(ServerNode.listOf(
            List.of(TestPools.server("a", weight), TestPools.server("b", weight), TestPools.server("c", 1))));
        assertEquals(0, modula.serverFor(weight - 1));
        assertEquals(1, modula.serverFor(weight));
        assertEquals(1, modula.serverFor(-3));
        assertEquals(2, modula.serverFor(-2));
        assertEquals(0, modula.serverFor(-1));
        assertEquals(weight, modula.slotsOf(1));
        assertEquals(1, modula.slotsOf(2));
        assertEquals(0, modula.slotsOf(3));
    }

    @Test
    void shouldRefuseWeightsBeyond32Bits() {
        int weight = Integer.MAX_VALUE;
        List<ServerNode> nodes = ServerNode.listOf(
            List.of(TestPools.server("a", weight), TestPools.server("b", weight), TestPools.server("c", 2)));
        assertThrows(IllegalArgumentException.class, () -> DistributionKind.MODULA.over(nodes));
    }

    @Test
    void shouldAllocateNothing() {
        Distribution modula = DistributionKind.MODULA.over(ServerNode.listOf(TestPools.equalServers(16)));
        long allocated = Allocations.ofMillionCalls(modula::serverFor);
        assertEquals(0, allocated, () -> "allocated " + allocated + " bytes");
    }

    private static List<ServerNode> randomNodes(Random random) {
        List<ServerConfig> servers = new ArrayList<>();
        int count = 1 + random.nextInt(20);
        for (int i = 0; i < count; i++) {
            servers.add(TestPools.server("s" + random.nextInt(1000) + '-' + i, 1 + random.nextInt(30)));
        }
        return ServerNode.listOf(servers);
    }
}
