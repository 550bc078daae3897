package org.millrace.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.conf.ServerConfig;
import org.millrace.routing.distribution.DistributionKind;
import org.millrace.routing.hash.HashKind;

/** A snapshot says what the configuration said, in its order. */
class TopologyTest {
    private static final MillraceConfig CONFIG = TestPools.config(
        TestPools.pool("alpha", "md5", "ketama", null, TestPools.equalServers(3)),
        TestPools.pool("beta", "crc32", "modula", "{}", TestPools.equalServers(2)));

    @Test
    void shouldHoldAllPoolsInOrder() {
        Topology topology = Topology.of(CONFIG, 42);
        assertEquals(42, topology.version());
        assertEquals(2, topology.pools().size());
        assertEquals(0, topology.poolIndexOf("alpha"));
        assertEquals(1, topology.poolIndexOf("beta"));
        assertEquals(-1, topology.poolIndexOf("gamma"));
        assertEquals("beta", topology.pool(1).name());
        assertEquals(CONFIG.pools().get(1), topology.pool(1).config());
        assertEquals(HashKind.CRC32, topology.pool(1).hashKind());
        assertEquals(DistributionKind.MODULA, topology.pool(1).distributionKind());
        assertThrows(UnsupportedOperationException.class, () -> topology.pools().clear());
    }

    @Test
    void shouldNumberServersInFileOrder() {
        List<ServerConfig> servers = List.of(TestPools.server("zz", 1), TestPools.server("a", 2));
        PoolTopology pool = PoolTopology.of(TestPools.pool("md5", "modula", null, servers));
        assertEquals(2, pool.serverCount());
        assertEquals("zz", pool.server(0).ringName());
        assertEquals(servers.get(1), pool.server(1).config());
        assertEquals(1, pool.slotsOf(0));
        assertEquals(2, pool.slotsOf(1));
    }

    @Test
    void shouldMakeARouterForEachCaller() {
        Topology topology = Topology.of(CONFIG, 1);
        assertNotSame(topology.newRouter(0), topology.newRouter(0));
        assertNotSame(topology.newRouter(0, 5), topology.newRouter(0, 5));
    }

    @Test
    void shouldRefuseWhatItCannotRoute() {
        assertRefused(TestPools.pool("sha1", "ketama", null, TestPools.equalServers(1)));
        assertRefused(TestPools.pool("md5", "rendezvous", null, TestPools.equalServers(1)));
        assertRefused(TestPools.pool("md5", "ketama", null, List.of()));
    }

    private static void assertRefused(PoolConfig pool) {
        assertThrows(IllegalArgumentException.class, () -> PoolTopology.of(pool));
    }
}
