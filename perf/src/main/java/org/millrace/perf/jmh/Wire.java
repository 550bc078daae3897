package org.millrace.perf.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.io.Endpoint;

/** Requests, replies and configurations as the benchmarks need them. All keys have the same length. */
final class Wire {
    /** Length of a key. */
    static final int KEY_LENGTH = 16;
    private static final int FIRST_PORT = 7000;

    private Wire() {
    }

    /** A key of {@link #KEY_LENGTH} bytes. */
    static String key(int number) {
        String digits = Integer.toString(number);
        return "key:" + "0".repeat(KEY_LENGTH - 4 - digits.length()) + digits;
    }

    /** A request as clients write it. */
    static String request(String... words) {
        StringBuilder text = new StringBuilder().append('*').append(words.length).append("\r\n");
        for (String word : words) {
            text.append(bulk(word));
        }
        return text.toString();
    }

    /** A bulk string. */
    static String bulk(String value) {
        return "$" + value.length() + "\r\n" + value + "\r\n";
    }

    /** A request of memcached that stores a value. */
    static String memcachedSet(String key, String value) {
        return "set " + key + " 0 0 " + value.length() + "\r\n" + value + "\r\n";
    }

    /** The whole answer of memcached to a request for one key. */
    static String memcachedValue(String key, String value) {
        return "VALUE " + key + " 0 " + value.length() + "\r\n" + value + "\r\nEND\r\n";
    }

    /** A request of memcached for the keys 0 to {@code keys - 1}. */
    static String multiGet(int keys) {
        StringBuilder text = new StringBuilder("get");
        for (int i = 0; i < keys; i++) {
            text.append(' ').append(key(i));
        }
        return text.append("\r\n").toString();
    }

    /** MGET of the keys 0 to {@code keys - 1}. */
    static String mget(int keys) {
        StringBuilder text = new StringBuilder().append('*').append(keys + 1).append("\r\n").append(bulk("MGET"));
        for (int i = 0; i < keys; i++) {
            text.append(bulk(key(i)));
        }
        return text.toString();
    }

    /** Off-heap memory with this text, aligned to cache lines. */
    static UnsafeBuffer offHeap(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        ByteBuffer memory = BufferUtil.allocateDirectAligned(bytes.length + Long.BYTES, 64);
        UnsafeBuffer buffer = new UnsafeBuffer(memory, 0, bytes.length);
        buffer.putBytes(0, bytes);
        return buffer;
    }

    /** One pool of so many equal Redis servers. */
    static MillraceConfig config(String distribution, int servers) {
        return config(distribution, servers, true);
    }

    /** One pool of so many equal servers, of Redis or memcached. */
    static MillraceConfig config(String distribution, int servers, boolean redis) {
        StringBuilder yaml = new StringBuilder("alpha:\n  listen: 127.0.0.1:22121\n  hash: fnv1a_64\n  distribution: ")
            .append(distribution).append("\n  redis: ").append(redis).append("\n  servers:\n");
        for (int i = 0; i < servers; i++) {
            yaml.append("    - 127.0.0.1:").append(FIRST_PORT + i).append(":1\n");
        }
        return ConfigReader.read("benchmark.yml", yaml.toString());
    }

    /** Where the servers of a configuration's only pool would be. */
    static List<List<Endpoint>> endpoints(MillraceConfig config) {
        return List.of(config.pools().getFirst().servers().stream()
            .map(server -> Endpoint.tcp(server.address().host(), server.address().port())).toList());
    }
}
