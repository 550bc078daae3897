package org.millrace.engine;

import java.util.function.Supplier;
import org.agrona.ErrorHandler;
import org.millrace.conf.EngineConfig;
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
    private final boolean wished;
    /** Why io_uring cannot be had; null if it can, or if nobody asked. */
    private final String obstacle;

    private TransportChoice(String directive, String obstacle) {
        this.uring = !directive.equals(NIO) && obstacle == null;
        this.wished = directive.equals(URING);
        this.obstacle = obstacle;
    }

    /** What the directive {@code transport} comes to on this machine, for all lanes that the file asks for. */
    static TransportChoice of(EngineConfig engine) {
        // Each arena is one transport's.
        int transports = MemoryShare.of(engine).arenas();
        return of(engine.transport(), () -> UringSupport.probe(transports));
    }

    /**
     * The same with another way to look at the machine.
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

    /** True if the notice is more than information: the file asks for io_uring by name. */
    boolean isSecondBest() {
        return wished && obstacle != null;
    }
}
