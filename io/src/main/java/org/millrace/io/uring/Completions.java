package org.millrace.io.uring;

import java.util.Arrays;

/** What has completed in a turn, taken out of the ring so that it can be gone through more than once. */
final class Completions {
    private static final int INITIAL = 256;
    /** Of no owner, and of {@link Op#IGNORED}. */
    private static final long TAKEN = 0;

    private long[] userData = new long[INITIAL];
    private int[] results = new int[INITIAL];
    private int[] flags = new int[INITIAL];
    private int size;

    void add(long data, int result, int flag) {
        if (size == userData.length) {
            userData = Arrays.copyOf(userData, size * 2);
            results = Arrays.copyOf(results, size * 2);
            flags = Arrays.copyOf(flags, size * 2);
        }
        userData[size] = data;
        results[size] = result;
        flags[size++] = flag;
    }

    /** The user_data of one that is about to be handled: whatever happens then, it is not handled again. */
    long take(int index) {
        long data = userData[index];
        userData[index] = TAKEN;
        return data;
    }

    int size() {
        return size;
    }

    long userData(int index) {
        return userData[index];
    }

    int result(int index) {
        return results[index];
    }

    int flags(int index) {
        return flags[index];
    }

    void clear() {
        size = 0;
    }
}
