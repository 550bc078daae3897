package org.millrace.engine.control.metrics;

import java.util.List;

/**
 * What most of a pool's traffic is about at the moment. Keys are printable: other bytes are written as Redis does in
 * its own lists, and of a long one its beginning is shown and its length told. Immutable.
 *
 * @param pool       its name
 * @param hot        the keys that are asked for most, those first
 * @param big        the keys of the largest requests and replies, those first
 * @param talkers    the addresses that ask most or move most bytes, those with the greatest share of either first
 * @param shareError by how much the share of a hot key may be too small, apart from the chance of the sample
 */
public record TrafficTop(String pool, List<HotKey> hot, List<BigKey> big, List<Talker> talkers, double shareError) {
    /** Most of each that are told. */
    public static final int MOST = 20;

    /**
     * A key.
     *
     * @param share             of all keys that the pool's clients ask for
     * @param requestsPerSecond that ask for it
     */
    public record HotKey(String key, double share, double requestsPerSecond) {
    }

    /**
     * A key.
     *
     * @param bytes   of the largest request or reply
     * @param command that asked
     * @param reply   true if the reply was the larger
     */
    public record BigKey(String key, long bytes, String command, boolean reply) {
        /** What was measured. */
        public String measured() {
            return reply ? "reply" : "request";
        }
    }

    /** A client's address, or that of many. */
    public record Talker(String address, double requestsPerSecond, double bytesPerSecond) {
    }
}
