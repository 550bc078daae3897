package org.millrace.engine;

import java.util.function.IntFunction;
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
    private final int lanes;
    /** Why there are fewer lanes than could be of use; null if there are not. */
    private final String shortage;

    private TransportChoice(String directive, String obstacle, int lanes, String shortage) {
        this.lanes = lanes;
        this.shortage = shortage;
        this.uring = !directive.equals(NIO) && obstacle == null;
        this.wished = directive.equals(URING);
        this.obstacle = obstacle;
    }

    /** What the directives {@code transport} and {@code lanes} come to on this machine. */
    static TransportChoice of(EngineConfig engine) {
        // Each arena is one transport's.
        return of(engine.transport(), LaneCount.of(engine), LaneCount.isAuto(engine),
            lanes -> UringSupport.probe(MemoryShare.of(engine, lanes).arenas()));
    }

    /**
     * The same with another way to look at the machine.
     *
     * @param lanes how many there shall be
     * @param fewer true if io_uring with fewer is better than another transport with all
     * @param probe tells why io_uring cannot be had for so many lanes, null if it can
     */
    static TransportChoice of(String directive, int lanes, boolean fewer, IntFunction<String> probe) {
        if (directive.equals(NIO)) {
            return new TransportChoice(directive, null, lanes, null);
        }
        String obstacle = probe.apply(lanes);
        int tried = lanes;
        String why = obstacle;
        while (why != null && fewer && tried > 1) {
            tried /= 2;
            why = probe.apply(tried);
        }
        return why == null ? new TransportChoice(directive, null, tried, obstacle)
            : new TransportChoice(directive, obstacle, lanes, null);
    }

    /** How many lanes there are. */
    int lanes() {
        return lanes;
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

    /** The one line that says why it is not io_uring, or not on as many lanes as could be, or null. */
    String notice() {
        if (shortage != null) {
            return "there are at most " + lanes + (lanes == 1 ? " lane" : " lanes") + ", as io_uring allows no more: "
                + shortage;
        }
        return obstacle == null ? null : "io_uring cannot be used: " + obstacle + "; the transport is nio";
    }

    /** True if the notice is more than information: the file asks for io_uring by name. */
    boolean isSecondBest() {
        return wished && obstacle != null;
    }
}
