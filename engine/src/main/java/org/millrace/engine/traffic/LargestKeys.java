package org.millrace.engine.traffic;

import org.agrona.DirectBuffer;

/** The keys of the largest requests and replies, each with the largest that was seen of it. One thread at a time. */
public final class LargestKeys {
    private final Names names;
    private final long[] hashes;
    private final long[] bytes;
    private final int[] commands;
    private final boolean[] replies;
    private int size;
    private int smallest;

    /**
     * With nothing in it.
     *
     * @param capacity     most keys at a time
     * @param nameBytesMax so much of a key is kept
     */
    public LargestKeys(int capacity, int nameBytesMax) {
        names = new Names(capacity, nameBytesMax);
        hashes = new long[capacity];
        bytes = new long[capacity];
        commands = new int[capacity];
        replies = new boolean[capacity];
    }

    /** Heap that it takes, about. */
    static long bytes(int capacity, int nameBytesMax) {
        return Names.bytes(capacity, nameBytesMax) + capacity * (2L * Long.BYTES + Integer.BYTES + 1);
    }

    /**
     * Sees a request and its reply.
     *
     * @param shown   bytes of the key that are there, all or its beginning
     * @param length  of the whole key
     * @param most    bytes of the request or of the reply, whichever has more
     * @param reply   true if that is the reply
     * @param command number of the command
     */
    public void add(long hash, DirectBuffer buffer, int offset, int shown, long length, long most, boolean reply,
        int command) {
        boolean full = size == hashes.length;
        if (full && most <= bytes[smallest]) {
            return;
        }
        int key = 0;
        while (key < size && hashes[key] != hash) {
            key++;
        }
        if (key == size) {
            key = full ? smallest : size++;
            hashes[key] = hash;
            names.put(key, buffer, offset, shown, length);
        } else if (most <= bytes[key]) {
            return;
        }
        bytes[key] = most;
        replies[key] = reply;
        commands[key] = command;
        if (size == hashes.length) {
            findSmallest();
        }
    }

    private void findSmallest() {
        smallest = 0;
        for (int i = 1; i < size; i++) {
            if (bytes[i] < bytes[smallest]) {
                smallest = i;
            }
        }
    }

    /** Forgets everything. */
    public void reset() {
        size = 0;
    }

    /** Keys that it knows, numbered from 0. */
    public int size() {
        return size;
    }

    /** Tells one key from all others. */
    public long hash(int key) {
        return hashes[key];
    }

    /** The key, or its beginning. */
    public byte[] name(int key) {
        return names.get(key);
    }

    /** Bytes of the whole key. */
    public long length(int key) {
        return names.length(key);
    }

    /** Bytes of its largest request or reply. */
    public long bytes(int key) {
        return bytes[key];
    }

    /** True if that was a reply. */
    public boolean isReply(int key) {
        return replies[key];
    }

    /** The number of the command that asked. */
    public int command(int key) {
        return commands[key];
    }
}
