package org.millrace.perf.pressure;

import java.util.List;

/**
 * A request of a chaos run on its way, with what must be known to judge its reply.
 *
 * @param name     of its command
 * @param keys     in the order asked; empty if no server is asked
 * @param versions that are written, one of each key; empty if it reads
 * @param deaths   of the keys' servers when it was sent, if it writes
 * @param sentNs   when
 * @param judge    of a reply that is no error
 */
record ChaosRequest(String name, List<ChaosKey> keys, int[] versions, long[] deaths, long sentNs, Judge judge) {
    /** Whether a whole reply is right. */
    @FunctionalInterface
    interface Judge {
        boolean isRight(ChaosRequest request, byte[] b, int from, int to);
    }

    /** One that changes nothing. */
    static ChaosRequest read(String name, List<ChaosKey> keys, long nowNs, Judge judge) {
        return new ChaosRequest(name, keys, new int[0], new long[0], nowNs, judge);
    }

    /** One that gives each of its keys, all different, its next version. */
    static ChaosRequest write(String name, List<ChaosKey> keys, long nowNs, Judge judge) {
        return new ChaosRequest(name, keys, keys.stream().mapToInt(ChaosKey::nextVersion).toArray(),
            keys.stream().mapToLong(ChaosKey::deaths).toArray(), nowNs, judge);
    }

    /** What is written to the {@code index}-th key. */
    String value(int index) {
        return keys.get(index).value(versions[index]);
    }

    /** The server has said that it has done it. */
    void onWritten() {
        for (int i = 0; i < versions.length; i++) {
            keys.get(i).onWritten(versions[i], deaths[i]);
        }
    }

    /** Whether it was done will never be known. */
    void onFailed() {
        for (int i = 0; i < versions.length; i++) {
            keys.get(i).onWriteFailed(versions[i]);
        }
    }

    /** Whether a server's fault may come to an error. */
    boolean mayFail() {
        return !keys.isEmpty();
    }

    @Override
    public String toString() {
        return name + ' ' + String.join(" ", keys.stream().map(ChaosKey::name).toList());
    }
}
