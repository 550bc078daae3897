package org.millrace.engine.link;

import java.util.ArrayList;
import java.util.function.Consumer;

/** Free link entries of one server half. */
final class EntryPool {
    /** All there are: they are used again and never dropped. */
    private final ArrayList<LinkEntry> made = new ArrayList<>();
    private LinkEntry free;
    private int inUse;

    LinkEntry acquire() {
        LinkEntry entry = free;
        if (entry == null) {
            entry = new LinkEntry();
            made.add(entry);
        } else {
            free = entry.next;
            entry.next = null;
        }
        entry.inUse = true;
        inUse++;
        return entry;
    }

    void release(LinkEntry entry) {
        entry.plan = null;
        entry.guest = null;
        entry.bytes = null;
        entry.message = null;
        entry.account = null;
        entry.announced = false;
        entry.streaming = false;
        entry.inUse = false;
        entry.next = free;
        free = entry;
        inUse--;
    }

    int inUse() {
        return inUse;
    }

    /** Shows each entry that is parked or in flight. For tests; looks at all entries there have been. */
    void forEachInUse(Consumer<LinkEntry> taker) {
        for (int i = 0; i < made.size(); i++) {
            if (made.get(i).inUse) {
                taker.accept(made.get(i));
            }
        }
    }
}
