package org.millrace.routing.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.conf.ServerConfig;
import org.millrace.routing.Allocations;
import org.millrace.routing.TestPools;

/** Every server gets its share, whatever the weights. */
class RandomDistributionTest {
    private static final long SEED = 20_261_122L;
    private static final int DRAWS_PER_SERVER = 20_000;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 16, 100})
    void shouldBeUniform(int count) {
        List<ServerConfig> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(TestPools.server("server" + i, 1 + i));
        }
        Distribution random = DistributionKind.RANDOM.over(ServerNode.listOf(servers)).forRouter(SEED);
        int[] drawn = new int[count];
        for (int i = 0; i < count * DRAWS_PER_SERVER; i++) {
            drawn[random.serverFor(0)]++;
        }
        for (int i = 0; i < count; i++) {
            // Six standard deviations of a share: about 4 percent.
            double limit = 6 * Math.sqrt(DRAWS_PER_SERVER);
            assertEquals(DRAWS_PER_SERVER, drawn[i], limit, "server " + i + ", seed " + SEED);
        }
    }

    @Test
    void shouldKeepTheIndexesOfTheServersThatRemain() {
        List<ServerNode> nodes = new ArrayList<>(ServerNode.listOf(TestPools.equalServers(3)));
        nodes.remove(1);
        Distribution random = DistributionKind.RANDOM.over(nodes).forRouter(SEED);
        assertFalse(random.needsHash());
        assertEquals(1, random.slotsOf(2));
        assertEquals(0, random.slotsOf(1));
        for (int i = 0; i < 1_000; i++) {
            assertTrue(random.serverFor(i) != 1);
        }
    }

    @Test
    void shouldAllocateNothing() {
        Distribution random = DistributionKind.RANDOM.over(ServerNode.listOf(TestPools.equalServers(5))).forRouter(1);
        long allocated = Allocations.ofMillionCalls(random::serverFor);
        assertEquals(0, allocated, () -> "allocated " + allocated + " bytes");
    }
}
