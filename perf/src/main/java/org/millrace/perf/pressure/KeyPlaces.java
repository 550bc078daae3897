package org.millrace.perf.pressure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.millrace.perf.client.SimpleClient;
import org.millrace.perf.server.LocalRedis;

/** Finds out by asking which keys a proxy keeps on which server, so that it works with any proxy. */
final class KeyPlaces {
    private static final int TIMEOUT_MS = 10_000;

    private KeyPlaces() {
    }

    /** Sets {@code prefix0}, {@code prefix1}, ... to {@code value} by the proxy; returns the keys of each server. */
    static List<List<String>> fill(InetSocketAddress proxy, List<LocalRedis> servers, String prefix, int count,
        String value) throws IOException {
        try (SimpleClient client = new SimpleClient(proxy, TIMEOUT_MS)) {
            for (int i = 0; i < count; i++) {
                client.call("SET", prefix + i, value);
            }
        }
        List<List<String>> places = new ArrayList<>();
        for (LocalRedis server : servers) {
            List<String> keys = new ArrayList<>();
            try (SimpleClient client = new SimpleClient(server.address(), TIMEOUT_MS)) {
                for (int i = 0; i < count; i++) {
                    if ("1".equals(client.call("EXISTS", prefix + i))) {
                        keys.add(prefix + i);
                    }
                }
            }
            places.add(keys);
        }
        return places;
    }
}
