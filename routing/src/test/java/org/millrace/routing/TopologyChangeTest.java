package org.millrace.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.millrace.conf.AddressConfig;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.ServerConfig;
import org.millrace.routing.distribution.ServerNode;

/** From snapshot to snapshot: whoever stays keeps its index. */
class TopologyChangeTest {
    private static final String EJECTING = """
        alpha:
          listen: 127.0.0.1:22121
          redis: true
          timeout: 100
          auto_eject_hosts: true
          eject: %s
          servers:
        """;

    private static MillraceConfig config(String mode, String... servers) {
        StringBuilder yaml = new StringBuilder(EJECTING.formatted(mode));
        for (String server : servers) {
            yaml.append("    - ").append(server).append('\n');
        }
        return ConfigReader.read("test.yml", yaml.toString());
    }

    private static List<Integer> indexes(PoolTopology pool) {
        return pool.servers().stream().map(ServerNode::index).toList();
    }

    @Test
    void shouldKeepTheIndexesOfPoolsThatStay() {
        List<ServerConfig> servers = TestPools.equalServers(2);
        Topology first = Topology.of(TestPools.config(TestPools.pool("a", "md5", "ketama", null, servers),
            TestPools.pool("b", "md5", "ketama", null, servers)), 1);
        Topology second = first.with(TestPools.config(TestPools.pool("c", "md5", "ketama", null, servers),
            TestPools.pool("b", "md5", "ketama", null, servers)), Set.of());
        assertEquals(2, second.version());
        assertEquals(2, second.pools().getFirst().index(), "the place of a pool that goes is not free yet");
        assertSame(first.pool(1), second.pool(1), "a pool that does not change is the same");
        assertNull(second.pool(0));
        assertEquals(3, second.poolIndexes());
        MillraceConfig more = TestPools.config(TestPools.pool("b", "md5", "ketama", null, servers),
            TestPools.pool("d", "md5", "ketama", null, servers));
        assertEquals(0, second.with(more, Set.of()).poolIndexOf("d"));
        assertEquals(3, second.with(more, Set.of(0)).poolIndexOf("d"), "clients of the first pool are still there");
    }

    @Test
    void shouldKeepTheIndexesOfServersThatStay() {
        Topology first = Topology.of(config("rehash", "10.0.0.1:1:1 a", "10.0.0.2:1:1 b", "10.0.0.3:1:1 c"), 1);
        Topology second = first.with(config("rehash", "10.0.0.4:1:1 d", "10.0.0.3:1:2 c", "10.0.0.1:1:1 a"),
            Set.of());
        assertEquals(List.of(3, 2, 0), indexes(second.pool(0)));
        assertEquals(2, second.pool(0).server(2).weight());
        assertNull(second.pool(0).server(1));
        assertNull(second.pool(0).server(4));
        Topology third = second.with(config("rehash", "10.0.0.1:1:1 a", "10.0.0.5:1:1 e"), Set.of());
        assertEquals(List.of(0, 1), indexes(third.pool(0)), "a place that is free is taken");
    }

    @Test
    void shouldRouteByIndexes() {
        PoolTopology pool = Topology.of(config("rehash", "10.0.0.1:1:1 a", "10.0.0.2:1:1 b"), 1)
            .with(config("rehash", "10.0.0.3:1:1 c", "10.0.0.2:1:1 b"), Set.of()).pool(0);
        PoolTopology fresh = PoolTopology.of(config("rehash", "10.0.0.3:1:1 c", "10.0.0.2:1:1 b").pools().getFirst());
        for (int i = 0; i < 1000; i++) {
            byte[] key = {(byte) i, (byte) (i >> 8)};
            assertEquals(fresh.serverOf(key).ringName(), pool.serverOf(key).ringName());
        }
    }

    @Test
    void shouldKeepAServerEjectedUnlessItsAddressChanges() {
        Topology first = Topology.of(config("rehash", "10.0.0.1:1:1 a", "10.0.0.2:1:1 b", "10.0.0.3:1:1 c"), 1);
        Topology ejected = first.with(first.pool(0).withEjected(Set.of(0, 1)));
        assertEquals(2, ejected.version());
        assertEquals(Set.of(0), ejected.with(config("rehash", "10.0.0.1:1:7 a", "10.9.9.9:1:1 b", "10.0.0.3:1:1 c"),
            Set.of()).pool(0).ejected());
    }

    @Test
    void shouldLeaveAllKeysWithTheOneThatIsLeft() {
        PoolTopology pool = PoolTopology.of(config("rehash", "10.0.0.1:1:1 a", "10.0.0.2:1:1 b").pools().getFirst());
        PoolTopology one = pool.withEjected(Set.of(0));
        assertEquals(1, one.serverOf(new byte[] {'k'}).index());
        assertTrue(one.newRouter().isAnyServerGood());
        PoolTopology none = pool.withEjected(Set.of(0, 1));
        assertTrue(none.newRouter().isEmpty());
        assertNull(none.serverOf(new byte[] {'k'}));
        assertEquals(0, none.slotsOf(0));
    }

    @Test
    void shouldLeaveTheRingAsItIsWhenEjectedServersFailFast() {
        PoolTopology pool = PoolTopology.of(config("fail_fast", "10.0.0.1:1:1 a", "10.0.0.2:1:1 b").pools().getFirst());
        PoolTopology ejected = pool.withEjected(Set.of(0, 1));
        assertFalse(ejected.newRouter().isEmpty());
        assertTrue(ejected.isEjected(0));
        for (int i = 0; i < 1000; i++) {
            byte[] key = {(byte) i, (byte) (i >> 8)};
            assertEquals(pool.serverOf(key), ejected.serverOf(key));
        }
    }

    @Test
    void shouldKnowServersByTheirNames() {
        PoolTopology pool = PoolTopology.of(config("rehash", "10.0.0.1:1:1 a", "10.0.0.2:6:1").pools().getFirst());
        assertEquals(AddressConfig.tcp("10.0.0.1", 1), pool.serverNamed("a").config().address());
        assertEquals(1, pool.serverNamed("10.0.0.2:6").index());
        assertNull(pool.serverNamed("b"));
    }
}
