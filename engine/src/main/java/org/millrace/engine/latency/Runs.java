package org.millrace.engine.latency;

/**
 * What was recorded last, not yet in its histograms: those are spread over memory, and by the time of the next reply
 * the kernel has had the caches. So values are kept here in a row, those that are equal as one, and go to their
 * histograms many at a time. One for each half of a lane; the half's thread.
 */
final class Runs {
    /** Runs that are kept back at most. */
    static final int CAPACITY = 64;
    private static final int VALUES = 3;
    private static final int COUNT = VALUES;
    private static final int STRIDE = VALUES + 1;

    private final Owner[] owners = new Owner[CAPACITY];
    private final long[] rows = new long[CAPACITY * STRIDE];
    private int size;

    /** Whose values they are. */
    interface Owner {
        /** Records values that came together, as often as they did. */
        void record(long first, long second, long third, long count);
    }

    /** Keeps values, which their owner may know the meaning of. */
    void add(Owner owner, long first, long second, long third) {
        int last = (size - 1) * STRIDE;
        if (size > 0 && owners[size - 1] == owner && rows[last] == first && rows[last + 1] == second
            && rows[last + 2] == third) {
            rows[last + COUNT]++;
            return;
        }
        if (size == CAPACITY) {
            pass();
        }
        int row = size * STRIDE;
        owners[size] = owner;
        rows[row] = first;
        rows[row + 1] = second;
        rows[row + 2] = third;
        rows[row + COUNT] = 1;
        size++;
    }

    /** Passes all to their owners. */
    void pass() {
        for (int i = 0; i < size; i++) {
            int row = i * STRIDE;
            owners[i].record(rows[row], rows[row + 1], rows[row + 2], rows[row + COUNT]);
            owners[i] = null;
        }
        size = 0;
    }
}
