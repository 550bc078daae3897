package org.millrace.perf.pressure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.millrace.perf.client.MemcachedCall;
import org.millrace.perf.client.SimpleClient;
import org.millrace.perf.server.LocalServer;

/** Finds out by asking which keys a proxy keeps on which server, so that it works with any proxy. */
final class KeyPlaces {
    private static final int TIMEOUT_MS = 10_000;

    private KeyPlaces() {
    }

    /** Sets {@code prefix0}, {@code prefix1}, ... to {@code value} by the proxy; returns the keys of each server. */
    static List<List<String>> fill(InetSocketAddress proxy, List<? extends LocalServer> servers, String prefix,
        int count, String value) throws IOException {
        try (SimpleClient client = new SimpleClient(proxy, TIMEOUT_MS)) {
            for (int i = 0; i < count; i++) {
                client.call("SET", prefix + i, value);
            }
        }
        List<List<String>> places = new ArrayList<>();
        for (LocalServer server : servers) {
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

    /** The same with a pool of memcached; nobody keeps a key afterwards. */
    static List<List<String>> findMemcached(InetSocketAddress proxy, List<? extends LocalServer> servers,
        String prefix, int count) throws IOException {
        MemcachedCall.call(proxy, each(prefix, count, key -> "set " + key + " 0 0 0\r\n\r\n"), TIMEOUT_MS);
        List<List<String>> places = new ArrayList<>();
        for (LocalServer server : servers) {
            String found = MemcachedCall.call(server.address(), each(prefix, count, key -> "get " + key + "\r\n"),
                TIMEOUT_MS);
            places.add(IntStream.range(0, count).mapToObj(i -> prefix + i)
                .filter(key -> found.contains("VALUE " + key + " 0 ")).toList());
        }
        MemcachedCall.call(proxy, each(prefix, count, key -> "delete " + key + "\r\n"), TIMEOUT_MS);
        return places;
    }

    private static String each(String prefix, int count, UnaryOperator<String> request) {
        return IntStream.range(0, count).mapToObj(i -> request.apply(prefix + i)).collect(Collectors.joining())
            + "version";
    }
}
