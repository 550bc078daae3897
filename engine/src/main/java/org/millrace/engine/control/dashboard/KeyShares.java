package org.millrace.engine.control.dashboard;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.Router;

/**
 * Which share of keys each server of each pool has, found out by many keys; again whenever pools or servers change.
 * Control thread.
 */
final class KeyShares {
    /** Right to about one percent of all keys. */
    private static final int KEYS = 8_192;
    private static final int KEY_BYTES = 16;
    private static final int THOUSANDTHS = 1_000;
    private static final int SEED = 7;
    private static final int[] NONE = {};

    private long version = -1;
    private int[][] shares = {};

    /** Thousandths, or -1 if that cannot be said. */
    int of(long topologyVersion, PoolTopology pool, int server) {
        if (topologyVersion != version) {
            version = topologyVersion;
            shares = new int[0][];
        }
        if (pool.index() >= shares.length) {
            shares = Arrays.copyOf(shares, pool.index() + 1);
        }
        if (shares[pool.index()] == null) {
            shares[pool.index()] = count(pool);
        }
        int[] counts = shares[pool.index()];
        return server < counts.length ? counts[server] * THOUSANDTHS / KEYS : -1;
    }

    private static int[] count(PoolTopology pool) {
        Router router = pool.newRouter(SEED);
        if (router.isEmpty()) {
            return NONE;
        }
        int[] counts = new int[pool.serverIndexes()];
        UnsafeBuffer key = new UnsafeBuffer(new byte[KEY_BYTES]);
        long seed = 1;
        for (int i = 0; i < KEYS; i++) {
            for (int at = 0; at < KEY_BYTES; at++) {
                seed = seed * 0x5851F42D4C957F2DL + 0x14057B7EF767814FL;
                key.putByte(at, (byte) ('a' + ((seed >>> 40) & 15)));
            }
            counts[router.route(key, 0, KEY_BYTES)]++;
        }
        return counts;
    }
}
