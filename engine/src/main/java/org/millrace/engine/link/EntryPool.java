package org.millrace.engine.link;

/** Free link entries of one server half. */
final class EntryPool {
    private LinkEntry free;
    private int inUse;

    LinkEntry acquire() {
        LinkEntry entry = free;
        if (entry == null) {
            entry = new LinkEntry();
        } else {
            free = entry.next;
            entry.next = null;
        }
        inUse++;
        return entry;
    }

    void release(LinkEntry entry) {
        entry.plan = null;
        entry.bytes = null;
        entry.message = null;
        entry.account = null;
        entry.announced = false;
        entry.streaming = false;
        entry.next = free;
        free = entry;
        inUse--;
    }

    int inUse() {
        return inUse;
    }
}
