package org.millrace.engine.traffic;

import org.agrona.DirectBuffer;

/**
 * A sketch of what has a name: keys, addresses. Of a long name its beginning is kept, and its length; what tells one
 * from another is the hash. One thread at a time.
 */
public final class NameCounts {
    private final SpaceSaving counts;
    private final Names names;

    /**
     * With nothing in it.
     *
     * @param capacity     most names at a time
     * @param nameBytesMax so much of a name is kept
     */
    public NameCounts(int capacity, int nameBytesMax) {
        counts = new SpaceSaving(capacity);
        names = new Names(capacity, nameBytesMax);
    }

    /** Heap that it takes, about. */
    static long bytes(int capacity, int nameBytesMax) {
        return SpaceSaving.bytes(capacity) + Names.bytes(capacity, nameBytesMax);
    }

    /**
     * Sees a name.
     *
     * @param shown  bytes of it that are there, all or its beginning
     * @param length of the whole name
     */
    public void add(long hash, DirectBuffer buffer, int offset, int shown, long length, long weight) {
        int counter = counts.add(hash, weight);
        if (counter < 0) {
            names.put(~counter, buffer, offset, shown, length);
        }
    }

    /** Forgets everything. */
    public void reset() {
        counts.reset();
    }

    /** Names that it knows, numbered from 0. */
    public int size() {
        return counts.size();
    }

    /** Tells one name from all others. */
    public long hash(int name) {
        return counts.hash(name);
    }

    /** The name, or its beginning. */
    public byte[] name(int name) {
        return names.get(name);
    }

    /** Bytes of the whole name. */
    public long length(int name) {
        return names.length(name);
    }

    /** The weight that a name has had at least. */
    public long sure(int name) {
        return counts.sure(name);
    }

    /** The weight that any name can have had at most beyond what is sure, or at all if it is not here. */
    public long missing() {
        return counts.missing();
    }

    /** All weights. */
    public long total() {
        return counts.total();
    }
}
