package org.millrace.io.uring;

import org.millrace.io.ArenaConfig;
import org.millrace.io.SegmentArena;

/**
 * Whether this process may use io_uring. Sandboxes and containers often forbid it, and older kernels lack parts of it.
 * The JVM must run with {@code --enable-native-access=ALL-UNNAMED} (or the module's name).
 */
public final class UringSupport {
    private static final long PROBE_BYTES = 1 << 20;
    private static final int PROBE_ENTRIES = 8;

    private UringSupport() {
    }

    /**
     * Sets up a small ring with its buffers and takes it down again.
     *
     * @return null if {@link UringTransport} works here, else one line that says why not
     */
    public static String probe() {
        if (!SyscallNumbers.areKnown()) {
            return "not Linux on x86-64 or aarch64";
        }
        if (!UringSupport.class.getModule().isNativeAccessEnabled()) {
            return "the JVM was started without --enable-native-access=ALL-UNNAMED";
        }
        UringSettings defaults = UringSettings.defaults();
        UringSettings settings = new UringSettings(PROBE_ENTRIES, defaults.receiveSegmentBytes(), 2, 2,
            defaults.gatherSegmentBytes(), defaults.maxGatherBytes(), defaults.errorHandler());
        try (SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(PROBE_BYTES))) {
            Kernel.open(new Syscalls(), arena, settings).close();
            return null;
        } catch (RingException e) {
            return e.getMessage();
        }
    }
}
