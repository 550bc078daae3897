package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.millrace.conf.ConfigException;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
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
        assertEquals("io_uring", TransportChoice.of("auto", () -> null).name());
        assertEquals("io_uring", TransportChoice.of("io_uring", () -> null).name());
        assertNull(TransportChoice.of("auto", () -> null).notice());
    }

    @Test
    void shouldFallBackToNioAndSayWhyInOneLine() {
        TransportChoice choice = TransportChoice.of("auto", () -> WHY);
        assertEquals("nio", choice.name());
        assertEquals("io_uring cannot be used: seccomp; the transport is nio", choice.notice());
        try (SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(1 << 20));
            Transport transport = choice.make(arena, error -> { })) {
            assertInstanceOf(NioTransport.class, transport);
        }
    }

    @Test
    void shouldRefuseWhenIoUringIsAskedForByNameAndCannotBeHad() {
        MillraceConfig config = config("io_uring");
        ConfigException refusal = assertThrows(ConfigException.class, () -> TransportChoice.of(config, () -> WHY));
        assertEquals(1, refusal.errors().size());
        assertEquals("millrace.transport", refusal.errors().getFirst().keyPath());
        assertEquals("io_uring cannot be used: seccomp; remove that, or set 'transport: auto' to be served by nio "
            + "where io_uring cannot be had", refusal.errors().getFirst().message());
        assertEquals("io_uring", TransportChoice.of(config, () -> null).name());
        assertEquals("nio", TransportChoice.of(config("auto"), () -> WHY).name());
    }

    private static MillraceConfig config(String transport) {
        return ConfigReader.read("test.yml", "millrace:\n  transport: " + transport + "\npool:\n  listen: 127.0.0.1:1\n"
            + "  redis: true\n  servers:\n    - 127.0.0.1:6379:1\n");
    }

    @Test
    void shouldNotEvenLookWhenNioIsWished() {
        AtomicInteger looks = new AtomicInteger();
        TransportChoice choice = TransportChoice.of("nio", () -> "look " + looks.incrementAndGet());
        assertEquals("nio", choice.name());
        assertNull(choice.notice());
        assertEquals(0, looks.get());
    }

    @Test
    void shouldMakeWhatItSays() {
        TransportChoice choice = TransportChoice.of("auto", UringSupport::probe);
        try (SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(8 << 20));
            Transport transport = choice.make(arena, error -> { })) {
            assertTrue(transport.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT)
                .startsWith(choice.name().replace("io_", "")), choice.name());
        }
    }
}
