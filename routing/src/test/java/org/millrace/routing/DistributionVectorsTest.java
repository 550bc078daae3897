package org.millrace.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.millrace.conf.ServerConfig;
import org.millrace.routing.distribution.ServerNode;

/** Every key of every recorded pool goes to the server that twemproxy chose. */
class DistributionVectorsTest {
    @TestFactory
    Stream<DynamicTest> shouldPlaceKeysWhereTwemproxyPlacesThem() {
        List<?> pools = Vectors.list(Vectors.read("distribution"), "pools");
        assertEquals(61, pools.size());
        return pools.stream().map(item -> (Map<?, ?>) item)
            .map(vector -> DynamicTest.dynamicTest((String) vector.get("id"), () -> check(vector)));
    }

    private static void check(Map<?, ?> vector) {
        PoolTopology pool = poolOf(vector);
        checkOrder(vector, pool);
        checkSlots(vector, pool);
        List<?> keys = Vectors.list(vector, "keys");
        assertEquals(330, keys.size());
        Router router = pool.newRouter();
        UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
        for (Object item : keys) {
            List<?> pair = (List<?>) item;
            byte[] key = HexFormat.of().parseHex((String) pair.get(0));
            long expected = Vectors.number(pair.get(1));
            buffer.wrap(key);
            assertEquals(expected, router.route(buffer, 0, key.length), () -> "key " + pair);
            assertEquals(expected, pool.serverOf(key).index(), () -> "key " + pair);
        }
    }

    /** The vectors hold for any pool, so also for one without the servers that are ejected from another. */
    @TestFactory
    Stream<DynamicTest> shouldPlaceKeysAsIfEjectedServersWereNotThere() {
        return Vectors.list(Vectors.read("distribution"), "pools").stream().map(item -> (Map<?, ?>) item)
            .filter(vector -> Vectors.list(vector, "names").size() > 1 && !vector.get("distribution").equals("random"))
            .map(vector -> DynamicTest.dynamicTest((String) vector.get("id"), () -> checkEjected(vector)));
    }

    private static void checkEjected(Map<?, ?> vector) {
        PoolTopology all = poolOf(vector);
        int count = all.serverCount();
        List<Set<Integer>> sets = new ArrayList<>(List.of(Set.of(0), Set.of(count - 1)));
        sets.add(Set.copyOf(IntStream.range(0, count - 1).boxed().toList()));
        sets.add(Set.copyOf(IntStream.range(0, count).filter(i -> i % 2 == 1).boxed().toList()));
        for (Set<Integer> out : sets) {
            PoolTopology left = all.withEjected(out);
            List<ServerConfig> rest = new ArrayList<>();
            all.servers().stream().filter(node -> !out.contains(node.index())).forEach(node -> rest.add(node.config()));
            PoolTopology without = PoolTopology.of(TestPools.pool(all.config().hash(), all.config().distribution(),
                all.config().hashTag(), rest));
            for (Object item : Vectors.list(vector, "keys")) {
                byte[] key = HexFormat.of().parseHex((String) ((List<?>) item).get(0));
                ServerNode server = left.serverOf(key);
                assertEquals(without.serverOf(key).ringName(), server.ringName(), () -> "without " + out);
                assertEquals(all.serverNamed(server.ringName()).index(), server.index());
            }
            PoolTopology back = left.withEjected(Set.of());
            for (Object item : Vectors.list(vector, "keys")) {
                byte[] key = HexFormat.of().parseHex((String) ((List<?>) item).get(0));
                assertEquals(all.serverOf(key), back.serverOf(key));
            }
        }
    }

    private static void checkOrder(Map<?, ?> vector, PoolTopology pool) {
        List<Object> order = new ArrayList<>();
        pool.servers().stream().sorted(ServerNode.RING_ORDER).forEach(node -> order.add(node.index()));
        assertEquals(Vectors.list(vector, "sorted_order"), order);
    }

    private static void checkSlots(Map<?, ?> vector, PoolTopology pool) {
        List<?> slots = Vectors.list(vector, "slots_per_server");
        long sum = 0;
        for (int i = 0; i < slots.size(); i++) {
            assertEquals(Vectors.number(slots.get(i)), pool.slotsOf(i), "slots of server " + i);
            sum += pool.slotsOf(i);
        }
        assertEquals(Vectors.number(vector.get("slots")), sum);
    }

    private static PoolTopology poolOf(Map<?, ?> vector) {
        List<?> names = Vectors.list(vector, "names");
        List<?> lines = Vectors.list(vector, "servers");
        List<ServerConfig> servers = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String address = ((String) lines.get(i)).split(" ")[0];
            int weight = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            servers.add(TestPools.server((String) names.get(i), weight));
        }
        return PoolTopology.of(TestPools.pool((String) vector.get("hash"), (String) vector.get("distribution"),
            (String) vector.get("hash_tag"), servers));
    }
}
