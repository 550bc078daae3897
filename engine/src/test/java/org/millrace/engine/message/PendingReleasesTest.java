package org.millrace.engine.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.io.ArenaConfig;
import org.millrace.io.SegmentArena;

/** Lent messages come back in order, each when its position is written. */
class PendingReleasesTest {
    private final MessagePool pool = new MessagePool(new SegmentArena(ArenaConfig.ofMaxBytes(1 << 20)), 100);
    private final PendingReleases releases = new PendingReleases();

    @AfterEach
    void nothingIsLeft() {
        assertTrue(releases.isEmpty());
        assertEquals(0, pool.inUse());
    }

    @Test
    void shouldGiveAMessageBackWhenItsPositionIsWritten() {
        Message first = add(100);
        Message second = add(200);
        assertNull(releases.poll(99));
        assertSame(first, take(100));
        assertNull(releases.poll(199));
        assertSame(second, take(1_000));
        assertNull(releases.poll(Long.MAX_VALUE));
    }

    @Test
    void shouldKeepTheOrderAcrossItsGrowth() {
        List<Message> added = new ArrayList<>();
        int taken = 0;
        for (int i = 0; i < 100; i++) {
            added.add(add(i));
            if (i % 3 == 2) {
                assertSame(added.get(taken++), take(i));
            }
        }
        while (!releases.isEmpty()) {
            assertSame(added.get(taken++), take(Long.MAX_VALUE));
        }
        assertEquals(100, taken);
    }

    private Message add(long position) {
        Message message = pool.acquire();
        releases.add(message, position);
        return message;
    }

    private Message take(long written) {
        Message message = releases.poll(written);
        pool.release(message);
        return message;
    }
}
