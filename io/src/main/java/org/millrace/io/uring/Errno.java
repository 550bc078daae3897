package org.millrace.io.uring;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.millrace.io.CloseCause;

/** Error numbers of Linux that are told apart here, the same on both architectures. */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EBUSY = 16;
    static final int EINVAL = 22;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int EPIPE = 32;
    static final int ENOSYS = 38;
    static final int ETIME = 62;
    static final int ENETUNREACH = 101;
    static final int ECONNABORTED = 103;
    static final int ECONNRESET = 104;
    static final int ENOBUFS = 105;
    static final int ETIMEDOUT = 110;
    static final int ECONNREFUSED = 111;
    static final int EHOSTDOWN = 112;
    static final int EHOSTUNREACH = 113;
    static final int EINPROGRESS = 115;
    static final int ECANCELED = 125;

    private static final int MAX_TEXT_BYTES = 256;

    private Errno() {
    }

    /** Why a connection ends that met this error. */
    static CloseCause cause(int errno) {
        return switch (errno) {
            case ECONNREFUSED -> CloseCause.REFUSED;
            case ECONNRESET, ECONNABORTED -> CloseCause.RESET;
            case EPIPE -> CloseCause.BROKEN_PIPE;
            case ETIMEDOUT -> CloseCause.TIMED_OUT;
            case EHOSTUNREACH -> CloseCause.NO_ROUTE;
            case ENETUNREACH -> CloseCause.NETWORK_UNREACHABLE;
            case EHOSTDOWN -> CloseCause.HOST_DOWN;
            case ENOENT -> CloseCause.NO_SUCH_FILE;
            case EMFILE, ENFILE, ENOMEM, ENOBUFS -> CloseCause.EXHAUSTED;
            default -> CloseCause.OTHER;
        };
    }

    /** The system's own words. */
    @SuppressWarnings("restricted")
    static String text(int errno) {
        Linker linker = Linker.nativeLinker();
        MethodHandle strerror = linker.downcallHandle(linker.defaultLookup().findOrThrow("strerror"),
            FunctionDescriptor.of(ADDRESS, JAVA_INT));
        try {
            MemorySegment text = (MemorySegment) strerror.invokeExact(errno);
            return text.reinterpret(MAX_TEXT_BYTES).getString(0);
        } catch (Throwable t) {
            throw new IllegalStateException("strerror could not be called", t);
        }
    }
}
