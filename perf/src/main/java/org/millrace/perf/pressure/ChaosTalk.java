package org.millrace.perf.pressure;

import java.util.List;
import org.millrace.perf.client.Framing;
import org.millrace.perf.client.RequestWriter;
import org.millrace.perf.load.Mixer;

/** What a {@link ChaosClient} says in its protocol, and how it judges what it hears. One for each client. */
interface ChaosTalk {
    /** Where replies end; a new one for each socket. */
    Framing framing();

    /**
     * Appends a request of a random kind for random ones of {@code keys}.
     *
     * @return what must be known to judge its reply; null if it wants none
     */
    ChaosRequest next(List<ChaosKey> keys, Mixer random, RequestWriter out, long nowNs);

    /** The text of a whole reply that is an error; null of any other. */
    String error(byte[] b, int from, int to);

    /** One of the keys. */
    static ChaosKey any(List<ChaosKey> keys, Mixer random) {
        return keys.get(random.nextInt(keys.size()));
    }

    /** Three of the keys, the same one more than once if it comes so. */
    static List<ChaosKey> three(List<ChaosKey> keys, Mixer random) {
        return List.of(any(keys, random), any(keys, random), any(keys, random));
    }
}
