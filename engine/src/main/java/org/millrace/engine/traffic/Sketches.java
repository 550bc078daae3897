package org.millrace.engine.traffic;

/** What is known of a pool's traffic on a lane in an interval. One thread at a time. */
public final class Sketches {
    /** So much of a key is kept and shown. */
    public static final int KEY_BYTES_MAX = 96;
    /** Keys counted at a time: none is shown too small by more than their inverse as a share. */
    public static final int KEYS_MAX = 256;
    /** Addresses counted at a time, by requests and by bytes. */
    public static final int ADDRESSES_MAX = 128;
    /** Largest keys. */
    public static final int LARGEST_MAX = 32;
    /** The longest address of IPv6, without its zone. */
    static final int ADDRESS_BYTES_MAX = 48;

    private final NameCounts keys = new NameCounts(KEYS_MAX, KEY_BYTES_MAX);
    private final NameCounts askers = new NameCounts(ADDRESSES_MAX, ADDRESS_BYTES_MAX);
    private final NameCounts movers = new NameCounts(ADDRESSES_MAX, ADDRESS_BYTES_MAX);
    private final LargestKeys largest = new LargestKeys(LARGEST_MAX, KEY_BYTES_MAX);

    Sketches() {
    }

    /** Heap that they take, about. */
    static long bytes() {
        return NameCounts.bytes(KEYS_MAX, KEY_BYTES_MAX) + 2 * NameCounts.bytes(ADDRESSES_MAX, ADDRESS_BYTES_MAX)
            + LargestKeys.bytes(LARGEST_MAX, KEY_BYTES_MAX);
    }

    /** Keys, by how often they were asked for. */
    public NameCounts keys() {
        return keys;
    }

    /** Addresses of clients, by requests. */
    public NameCounts askers() {
        return askers;
    }

    /** Addresses of clients, by bytes of requests and replies. */
    public NameCounts movers() {
        return movers;
    }

    /** The largest keys. */
    public LargestKeys largest() {
        return largest;
    }

    void reset() {
        keys.reset();
        askers.reset();
        movers.reset();
        largest.reset();
    }
}
