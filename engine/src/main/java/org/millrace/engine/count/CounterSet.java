package org.millrace.engine.count;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The values of one enum of counters. One thread writes; others read values that are never torn and at most a moment
 * old.
 *
 * @param <E> the enum whose constants name the counters
 */
public final class CounterSet<E extends Enum<E>> {
    private final UnsafeBuffer values;

    public CounterSet(Class<E> names) {
        values = new UnsafeBuffer(new byte[names.getEnumConstants().length * Long.BYTES]);
    }

    /** Adds; the writer's thread. */
    public void add(E counter, long amount) {
        int index = counter.ordinal() * Long.BYTES;
        values.putLongRelease(index, values.getLong(index) + amount);
    }

    /** Adds one; the writer's thread. */
    public void increment(E counter) {
        add(counter, 1);
    }

    /** Sets a gauge; the writer's thread. */
    public void set(E counter, long value) {
        values.putLongRelease(counter.ordinal() * Long.BYTES, value);
    }

    /** The present value; any thread. */
    public long get(E counter) {
        return values.getLongVolatile(counter.ordinal() * Long.BYTES);
    }
}
