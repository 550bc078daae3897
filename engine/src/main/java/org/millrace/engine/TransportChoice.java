package org.millrace.engine;

import java.util.List;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;
import org.millrace.conf.ConfigError;
import org.millrace.conf.ConfigException;
import org.millrace.conf.MillraceConfig;
import org.millrace.io.SegmentArena;
import org.millrace.io.Transport;
import org.millrace.io.nio.NioSettings;
import org.millrace.io.nio.NioTransport;
import org.millrace.io.uring.UringSettings;
import org.millrace.io.uring.UringSupport;
import org.millrace.io.uring.UringTransport;

/**
 * How all lanes talk to the operating system: what the file wishes, as far as the kernel allows it. Sockets are handed
 * from lane to lane, so it is the same for all.
 */
final class TransportChoice {
    private static final String URING = "io_uring";
    private static final String NIO = "nio";

    private final boolean uring;
    /** Why io_uring cannot be had; null if it can, or if nobody asked. */
    private final String obstacle;

    private TransportChoice(String directive, String obstacle) {
        this.uring = !directive.equals(NIO) && obstacle == null;
        this.obstacle = obstacle;
    }

    /**
     * What the directive {@code transport} comes to on this machine, for all lanes that the file asks for.
     *
     * @throws ConfigException if the file asks for io_uring by name and it cannot be had: who measures one transport
     *                         must not be given the other
     */
    static TransportChoice of(MillraceConfig config) {
        // Each arena is one transport's.
        int transports = MemoryShare.of(config.engine()).arenas();
        return of(config, () -> UringSupport.probe(transports));
    }

    /** The same with another way to look at the machine. */
    static TransportChoice of(MillraceConfig config, Supplier<String> probe) {
        TransportChoice choice = of(config.engine().transport(), probe);
        if (config.engine().transport().equals(URING) && !choice.uring) {
            throw new ConfigException(config.file(), List.of(new ConfigError(config.file(), 0, 0, "millrace.transport",
                URING, "io_uring cannot be used: " + choice.obstacle
                + "; remove that, or set 'transport: auto' to be served by nio where io_uring cannot be had")));
        }
        return choice;
    }

    /**
     * The best that works of what a directive allows.
     *
     * @param probe tells why io_uring cannot be had, null if it can
     */
    static TransportChoice of(String directive, Supplier<String> probe) {
        return new TransportChoice(directive, directive.equals(NIO) ? null : probe.get());
    }

    /** A transport of the chosen kind. */
    Transport make(SegmentArena arena, ErrorHandler faults) {
        return uring ? new UringTransport(arena, UringSettings.defaults().withErrorHandler(faults))
            : new NioTransport(arena, NioSettings.defaults().withErrorHandler(faults));
    }

    /** The kind, as the directive has it. */
    String name() {
        return uring ? URING : NIO;
    }

    /** The one line that says why it is not io_uring, or null. */
    String notice() {
        return obstacle == null ? null : "io_uring cannot be used: " + obstacle + "; the transport is nio";
    }
}
