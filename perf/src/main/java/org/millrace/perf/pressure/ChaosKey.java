package org.millrace.perf.pressure;

import java.util.BitSet;
import java.util.function.LongSupplier;

/**
 * One key of a {@link ChaosClient}, and what its value may be. Values tell key and version, so that a reply that
 * belongs to another request shows. A write that got an error, or no answer, may have been done or not, and may be done
 * later; a server that was killed has forgotten all.
 */
final class ChaosKey {
    private static final int LARGE_EACH = 61;
    private static final int LARGE_BYTES = 50_000;

    private final String name;
    private final LongSupplier deaths;
    private final BitSet uncertain = new BitSet();
    private int sent;
    private int written;
    private long deathsAtWrite;

    /**
     * A key that nobody has written.
     *
     * @param deaths how often its server has died, and with it all that it knew
     */
    ChaosKey(String name, LongSupplier deaths) {
        this.name = name;
        this.deaths = deaths;
    }

    String name() {
        return name;
    }

    /** The version of the next write. */
    int nextVersion() {
        return ++sent;
    }

    /** How often its server has died; to be asked when a write is sent. */
    long deaths() {
        return deaths.getAsLong();
    }

    /** Now and then a large one, so that values pass by reference too. */
    String value(int version) {
        String value = name + ':' + version + ':';
        return version % LARGE_EACH == 0 ? value + "x".repeat(version * 997 % LARGE_BYTES) : value;
    }

    /**
     * A write was acknowledged.
     *
     * @param deaths what {@link #deaths()} was when it was sent
     */
    void onWritten(int version, long deaths) {
        written = version;
        deathsAtWrite = deaths;
    }

    void onWriteFailed(int version) {
        uncertain.set(version);
    }

    /** Whether a read may return this; null stands for no value. */
    boolean allows(String value) {
        if (value == null) {
            return written == 0 || deaths() != deathsAtWrite;
        }
        if (!value.startsWith(name + ':')) {
            return false;
        }
        int from = name.length() + 1;
        int to = value.indexOf(':', from);
        if (to < 0 || !value.substring(from, to).matches("[0-9]{1,9}")) {
            return false;
        }
        int version = Integer.parseInt(value.substring(from, to));
        return (version == written || uncertain.get(version)) && value.equals(value(version));
    }
}
