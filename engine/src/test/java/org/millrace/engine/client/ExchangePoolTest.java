package org.millrace.engine.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An id finds the use that it was given to and no other. */
class ExchangePoolTest {
    private final ExchangePool pool = new ExchangePool(7, 1 << 20);
    private final Client client = new Client(null, null, new ClientSession(1, 0, 0, true, 0), null, null);

    @Test
    void shouldFindAnExchangeByItsId() {
        Exchange exchange = pool.acquire(client);
        assertSame(exchange, pool.find(exchange.id()));
        assertEquals(7, exchange.id() >>> 28 & 0xFF, "the lane is part of the id");
        pool.release(exchange);
    }

    @Test
    void shouldNeverFindARecycledExchangeByItsOldId() {
        Exchange exchange = pool.acquire(client);
        long old = exchange.id();
        pool.release(exchange);
        assertNull(pool.find(old));
        Exchange again = pool.acquire(client);
        assertSame(exchange, again);
        assertNotEquals(old, again.id());
        assertNull(pool.find(old));
        assertSame(again, pool.find(again.id()));
        pool.release(again);
    }

    @Test
    void shouldForgetTheLastUse() {
        Exchange exchange = pool.acquire(client);
        exchange.closeAfter();
        exchange.ready = true;
        exchange.next = exchange;
        pool.release(exchange);
        Exchange again = pool.acquire(client);
        assertFalse(again.closeAfter);
        assertFalse(again.ready);
        assertNull(again.next);
        assertNull(again.replyMessage);
        assertNull(again.replySegment);
        pool.release(again);
    }

    @Test
    void shouldGiveEveryUseAnIdOfItsOwn() {
        Set<Long> ids = new HashSet<>();
        ArrayDeque<Exchange> used = new ArrayDeque<>();
        for (int i = 0; i < 5_000; i++) {
            Exchange exchange = pool.acquire(client);
            assertTrue(ids.add(exchange.id()));
            used.add(exchange);
            if (i % 3 == 0) {
                pool.release(used.poll());
            }
        }
        assertEquals(used.size(), pool.inUse());
        used.forEach(pool::release);
        assertEquals(0, pool.inUse());
    }

    @Test
    void shouldStopAtItsLimit() {
        ExchangePool small = new ExchangePool(0, 300);
        List<Exchange> used = new ArrayList<>();
        while (small.hasRoom()) {
            used.add(small.acquire(client));
        }
        assertEquals(300, used.size());
        assertNull(small.acquire(client));
        small.release(used.removeLast());
        assertTrue(small.hasRoom());
        used.forEach(small::release);
    }

    @Test
    void shouldFindNothingByAnIdThatNeverWas() {
        assertNull(pool.find(0));
        assertNull(pool.find(-1));
        assertNull(pool.find(Long.MAX_VALUE));
    }

    @Test
    void shouldOutliveItsGenerations() {
        Exchange exchange = pool.acquire(client);
        exchange.generation = (1 << 28) - 1;
        pool.release(exchange);
        Exchange again = pool.acquire(client);
        assertEquals(0, again.generation);
        assertSame(again, pool.find(again.id()));
        pool.release(again);
        Exchange late = pool.acquire(client);
        late.generation = (1 << 28) - 2;
        pool.release(late);
        Exchange last = pool.acquire(client);
        assertTrue(last.id() < 0, "the highest generations make the id negative");
        assertSame(last, pool.find(last.id()));
        pool.release(last);
    }
}
