package org.millrace.io.uring;

import java.util.ArrayList;
import java.util.List;
import org.millrace.io.ArenaConfig;
import org.millrace.io.SegmentArena;

/**
 * Whether this process may use io_uring. Sandboxes and containers often forbid it, and older kernels lack parts of it.
 * The JVM must run with {@code --enable-native-access=ALL-UNNAMED} (or the module's name).
 */
public final class UringSupport {
    private static final long PROBE_BYTES = 1 << 20;
    /** For the rings of a process that has just ended. */
    private static final long PATIENCE_NS = 1_000_000_000;

    private UringSupport() {
    }

    /** Whether one transport can be had, as below. */
    public static String probe() {
        return probe(1);
    }

    /**
     * Sets up what transports with the default settings have in the kernel, all at once, and takes it down again. A
     * single one would not tell: newer kernels (6.18, for one) count rings against the limit of locked memory, which
     * is shared by all processes of a user.
     *
     * @param transports that are to live at the same time
     * @return null if {@link UringTransport}s work here, else one line that says why not
     */
    public static String probe(int transports) {
        if (!SyscallNumbers.areKnown()) {
            return "not Linux on x86-64 or aarch64";
        }
        if (!UringSupport.class.getModule().isNativeAccessEnabled()) {
            return "the JVM was started without --enable-native-access=ALL-UNNAMED";
        }
        return probe(transports, new Syscalls());
    }

    /** The same of a kernel that may be another. */
    static String probe(int transports, Syscalls syscalls) {
        List<Kernel> kernels = new ArrayList<>();
        try (SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(PROBE_BYTES))) {
            try {
                while (kernels.size() < transports) {
                    kernels.add(Kernel.open(syscalls, arena, UringSettings.defaults(), PATIENCE_NS));
                }
                Operations.check(kernels.getFirst().ring());
                kernels.getFirst().ring().tryToEnter();
                return null;
            } finally {
                kernels.forEach(Kernel::close);
            }
        } catch (RingException e) {
            return e.getMessage() + (kernels.isEmpty() || kernels.size() == transports ? ""
                : " (ring " + (kernels.size() + 1) + " of " + transports + ")");
        }
    }
}
