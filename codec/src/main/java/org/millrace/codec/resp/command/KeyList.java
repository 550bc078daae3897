package org.millrace.codec.resp.command;

import java.util.Arrays;

/**
 * The keys of one request, reused from request to request. It grows to the widest request it has seen and is owned by
 * one thread.
 */
public final class KeyList {
    private static final int FIRST_CAPACITY = 16;
    /** Wider requests than this are rare; the room for one of these is kept (400 KB). */
    private static final int KEPT_CAPACITY = 1 << 14;

    private int size;
    private int[] header = new int[FIRST_CAPACITY];
    private int[] argument = new int[FIRST_CAPACITY];
    private int[] offset = new int[FIRST_CAPACITY];
    private long[] length = new long[FIRST_CAPACITY];
    private int[] body = new int[FIRST_CAPACITY];

    /** Number of keys. */
    public int size() {
        return size;
    }

    /** Index of the key's word in the request, the command being 0. */
    public int argumentIndex(int i) {
        return argument[i];
    }

    /** Where the header of the key's word begins. */
    public int headerOffset(int i) {
        return header[i];
    }

    /** Where the key begins, as the request view tells it; of no use if the key is a body. */
    public int offset(int i) {
        return offset[i];
    }

    /** Bytes of the key. */
    public long length(int i) {
        return length[i];
    }

    /** Which body of the request the key is, or -1 if it lies in the head. */
    public int bodyIndex(int i) {
        return body[i];
    }

    /** Forgets all keys, keeps the room. */
    public void clear() {
        size = 0;
    }

    /** Forgets all keys, and gives the room of an unusually wide request back. */
    public void shrink() {
        clear();
        if (argument.length > KEPT_CAPACITY) {
            grow(FIRST_CAPACITY);
        }
    }

    /** Number of keys that fit before the list grows. */
    public int capacity() {
        return argument.length;
    }

    void add(int headerOffset, int argumentIndex, int keyOffset, long keyLength, int bodyIndex) {
        if (size == argument.length) {
            grow(size << 1);
        }
        header[size] = headerOffset;
        argument[size] = argumentIndex;
        offset[size] = keyOffset;
        length[size] = keyLength;
        body[size] = bodyIndex;
        size++;
    }

    void truncate(int newSize) {
        size = Math.min(size, newSize);
    }

    private void grow(int capacity) {
        header = Arrays.copyOf(header, capacity);
        argument = Arrays.copyOf(argument, capacity);
        offset = Arrays.copyOf(offset, capacity);
        length = Arrays.copyOf(length, capacity);
        body = Arrays.copyOf(body, capacity);
    }
}
