package org.millrace.engine.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.Router;

/**
 * Who has had which key so far: at first everybody his own, then what became of it as servers were ejected and came
 * back. Of a key this counts from when it was made up, as requests may be routed by what the lane had taken by then.
 */
final class RingHistory {
    private static final int NOBODY = -1;
    private static final int SAMPLES = 64;

    private final PoolTopology base;
    private final List<Router> routers = new ArrayList<>();
    private final Map<String, Track> tracks = new HashMap<>();
    /** The latest ring that the lane goes by. */
    private int taken;

    /** Of one key: who has had it, as far as that was looked up. */
    private static final class Track {
        private final BitSet owners = new BitSet();
        private int next;

        Track(int since) {
            next = since;
        }
    }

    /** A pool all of whose servers are live. */
    RingHistory(PoolTopology base) {
        this.base = base;
        routers.add(base.newRouter(0));
    }

    /**
     * These are ejected, and no others.
     *
     * @return what is wrong with the ring, or null
     */
    String change(Set<Integer> ejected) {
        Router next = base.withEjected(ejected).newRouter(0);
        if (!base.config().rehashesEjected() || ejected.isEmpty()) {
            for (int i = 0; i < SAMPLES; i++) {
                if (owner(next, "sample" + i) != owner(routers.getFirst(), "sample" + i)) {
                    return "the ring is not what it was, with ejected " + ejected;
                }
            }
        }
        if (base.config().rehashesEjected()) {
            routers.add(next);
        }
        return null;
    }

    /** The lane goes by the present ring from here on. */
    void taken() {
        taken = routers.size() - 1;
    }

    /** A key that is new. */
    void begin(String key) {
        tracks.putIfAbsent(key, new Track(taken));
    }

    private Track track(String key) {
        Track track = tracks.computeIfAbsent(key, any -> new Track(0));
        while (track.next < routers.size()) {
            int owner = owner(routers.get(track.next++), key);
            if (owner != NOBODY) {
                track.owners.set(owner);
            }
        }
        return track;
    }

    private static int owner(Router router, String key) {
        byte[] bytes = key.getBytes(ISO_8859_1);
        return router.isEmpty() ? NOBODY : router.route(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    /** Whether a key has been on another server, or is to go there. */
    boolean isMoved(String key) {
        return routers.size() > 1 && track(key).owners.cardinality() > 1;
    }

    /** Whether this server may be asked for a key. */
    boolean mayServe(int server, String key) {
        return track(key).owners.get(server);
    }

    /** The server that has a key while all are live. */
    int owner(String key) {
        return owner(routers.getFirst(), key);
    }
}
