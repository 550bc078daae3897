package org.millrace.perf.endtoend;

import java.util.HashSet;
import java.util.Set;

/**
 * One key of a {@link LoadClient}, and what its value may be. Values are {@code key:version}, so that a reply that
 * belongs to another request shows. A write that got an error may have been done or not, and may be done later.
 */
final class LoadedKey {
    final String name;
    final int server;
    final boolean onVictim;
    private final boolean mayVanish;
    private final Set<Integer> uncertain = new HashSet<>();
    private int sent;
    private int written;

    /**
     * A key that is not there yet.
     *
     * @param mayVanish its server may lose it
     */
    LoadedKey(String name, int server, boolean onVictim, boolean mayVanish) {
        this.name = name;
        this.server = server;
        this.onVictim = onVictim;
        this.mayVanish = mayVanish;
    }

    /** The version of the next write. */
    int nextVersion() {
        return ++sent;
    }

    String value(int version) {
        return name + ':' + version;
    }

    void onWritten(int version) {
        written = version;
    }

    void onWriteFailed(int version) {
        uncertain.add(version);
    }

    /** Whether a read may return this; null stands for no value. */
    boolean allows(String value) {
        if (value == null) {
            return written == 0 || mayVanish;
        }
        if (!value.startsWith(name + ':')) {
            return false;
        }
        int version = Integer.parseInt(value.substring(name.length() + 1));
        return version == written || uncertain.contains(version);
    }
}
