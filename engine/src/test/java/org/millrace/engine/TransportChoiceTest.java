package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.millrace.io.ArenaConfig;
import org.millrace.io.SegmentArena;
import org.millrace.io.Transport;
import org.millrace.io.nio.NioTransport;
import org.millrace.io.uring.UringSupport;

/** The transport that the file wishes, or the one that works, with a line that says why. */
class TransportChoiceTest {
    private static final String WHY = "seccomp";

    @Test
    void shouldTakeTheBestThatWorks() {
        assertEquals("io_uring", TransportChoice.of("auto", 1, true, lanes -> null).name());
        assertEquals("io_uring", TransportChoice.of("io_uring", 1, true, lanes -> null).name());
        assertNull(TransportChoice.of("auto", 1, true, lanes -> null).notice());
    }

    @Test
    void shouldFallBackToNioAndSayWhyInOneLine() {
        for (String wish : new String[] {"auto", "io_uring"}) {
            TransportChoice choice = TransportChoice.of(wish, 4, true, lanes -> WHY);
            assertEquals("nio", choice.name());
            assertEquals(4, choice.lanes());
            assertEquals("io_uring cannot be used: seccomp; the transport is nio", choice.notice());
            assertEquals(wish.equals("io_uring"), choice.isSecondBest());
            try (SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(1 << 20));
                Transport transport = choice.make(arena, error -> { })) {
                assertInstanceOf(NioTransport.class, transport);
            }
        }
    }

    @Test
    void shouldRatherHaveFewerLanesThanAnotherTransportWhereTheirNumberIsNotAskedFor() {
        TransportChoice choice = TransportChoice.of("auto", 8, true, lanes -> lanes > 2 ? "locked memory" : null);
        assertEquals("io_uring", choice.name());
        assertEquals(2, choice.lanes());
        assertEquals("there are at most 2 lanes, as io_uring allows no more: locked memory", choice.notice());
        assertFalse(choice.isSecondBest());
        choice = TransportChoice.of("auto", 8, false, lanes -> lanes > 2 ? "locked memory" : null);
        assertEquals("nio", choice.name());
        assertEquals(8, choice.lanes());
    }

    @Test
    void shouldNotEvenLookWhenNioIsWished() {
        AtomicInteger looks = new AtomicInteger();
        TransportChoice choice = TransportChoice.of("nio", 1, true, lanes -> "look " + looks.incrementAndGet());
        assertEquals("nio", choice.name());
        assertNull(choice.notice());
        assertFalse(choice.isSecondBest());
        assertEquals(0, looks.get());
    }

    @Test
    void shouldMakeWhatItSays() {
        TransportChoice choice = TransportChoice.of("auto", 1, true, UringSupport::probe);
        try (SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(8 << 20));
            Transport transport = choice.make(arena, error -> { })) {
            assertTrue(transport.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT)
                .startsWith(choice.name().replace("io_", "")), choice.name());
        }
    }
}
