package org.millrace.engine.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Order, and the cursor that finds whose time is up. */
class EntryQueueTest {
    private static final long NONE = Long.MAX_VALUE;

    private final EntryQueue queue = new EntryQueue();

    @Test
    void shouldGiveEntriesInTheirOrder() {
        LinkEntry first = add(10, 100);
        LinkEntry second = add(20, 50);
        assertEquals(2, queue.size());
        assertEquals(150, queue.bytes());
        assertSame(first, queue.peek());
        assertSame(first, queue.poll());
        assertEquals(50, queue.bytes());
        assertSame(second, queue.poll());
        assertNull(queue.poll());
        assertNull(queue.peek());
        assertTrue(queue.isEmpty());
        assertEquals(0, queue.bytes());
    }

    @Test
    void shouldFindEachExpiredEntryOnce() {
        LinkEntry first = add(10, 1);
        LinkEntry second = add(20, 1);
        add(30, 1);
        assertNull(queue.pollExpired(9));
        assertSame(first, queue.pollExpired(10));
        assertNull(queue.pollExpired(10));
        assertSame(second, queue.pollExpired(25));
        assertNull(queue.pollExpired(25));
        assertEquals(3, queue.size(), "they stay in the order of replies");
    }

    @Test
    void shouldGoOnWithTheCursorWhenTheEntryUnderItLeaves() {
        add(10, 1);
        LinkEntry second = add(20, 1);
        queue.poll();
        assertSame(second, queue.pollExpired(20));
        queue.poll();
        LinkEntry third = add(30, 1);
        assertSame(third, queue.pollExpired(30));
    }

    @Test
    void shouldFindEntriesAddedAfterAllOthersHaveExpired() {
        add(10, 1);
        queue.pollExpired(10);
        assertNull(queue.pollExpired(1_000));
        LinkEntry late = add(2_000, 1);
        assertNull(queue.pollExpired(1_999));
        assertSame(late, queue.pollExpired(2_000));
    }

    @Test
    void shouldPassOverEntriesWithoutADeadline() {
        add(NONE, 1);
        LinkEntry second = add(20, 1);
        add(NONE, 1);
        LinkEntry fourth = add(40, 1);
        assertSame(second, queue.pollExpired(50));
        assertSame(fourth, queue.pollExpired(50));
        assertNull(queue.pollExpired(Long.MAX_VALUE - 1));
    }

    @Test
    void shouldCompareTimesThatWrapAround() {
        LinkEntry entry = add(Long.MIN_VALUE + 5, 1);
        assertNull(queue.pollExpired(Long.MAX_VALUE - 5));
        assertSame(entry, queue.pollExpired(Long.MIN_VALUE + 5));
    }

    private LinkEntry add(long deadlineNs, long bytes) {
        LinkEntry entry = new LinkEntry();
        entry.deadlineNs = deadlineNs;
        entry.requestLength = bytes;
        queue.add(entry);
        return entry;
    }
}
