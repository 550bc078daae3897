package org.millrace.engine.link;

/**
 * A FIFO of entries, intrusive, whose deadlines are in order: a cursor finds the next deadline without looking at those
 * that have passed it.
 */
final class EntryQueue {
    private LinkEntry head;
    private LinkEntry tail;
    /** The first entry that has not been expired. */
    private LinkEntry cursor;
    private int size;
    private long bytes;

    void add(LinkEntry entry) {
        entry.next = null;
        if (tail == null) {
            head = entry;
        } else {
            tail.next = entry;
        }
        tail = entry;
        if (cursor == null) {
            cursor = entry;
        }
        size++;
        bytes += entry.requestLength;
    }

    LinkEntry peek() {
        return head;
    }

    /** The entry behind so many others, or null. */
    LinkEntry peek(int behind) {
        LinkEntry entry = head;
        for (int i = behind; i > 0 && entry != null; i--) {
            entry = entry.next;
        }
        return entry;
    }

    LinkEntry poll() {
        LinkEntry entry = head;
        if (entry != null) {
            head = entry.next;
            if (head == null) {
                tail = null;
            }
            if (cursor == entry) {
                cursor = head;
            }
            entry.next = null;
            size--;
            bytes -= entry.requestLength;
        }
        return entry;
    }

    /** The next entry whose time is up; the cursor moves past it. */
    LinkEntry pollExpired(long nowNs) {
        LinkEntry entry = cursor;
        while (entry != null && entry.deadlineNs == Long.MAX_VALUE) {
            entry = entry.next;
        }
        cursor = entry;
        if (entry == null || nowNs - entry.deadlineNs < 0) {
            return null;
        }
        cursor = entry.next;
        return entry;
    }

    int size() {
        return size;
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return head == null;
    }
}
