package org.millrace.io.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls by number. An instance holds the place where errno is left and is used by one thread at a time; static
 * methods may be used by any. Tests put other kernels in its place.
 */
@SuppressWarnings("restricted")
class Syscalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemorySegment SYSCALL = LINKER.defaultLookup().findOrThrow("syscall");
    private static final FunctionDescriptor LONGS = FunctionDescriptor.of(JAVA_LONG,
        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CALL =
        LINKER.downcallHandle(SYSCALL, LONGS, Linker.Option.captureCallState("errno"));
    private static final MethodHandle CALL_QUIETLY = LINKER.downcallHandle(SYSCALL, LONGS);
    private static final long ERRNO =
        Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private final MemorySegment state = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

    /** Returns the result, or the negative errno. */
    long call(long number, long a, long b, long c, long d, long e, long f) {
        try {
            long result = (long) CALL.invokeExact(state, number, a, b, c, d, e, f);
            return result == -1 ? -state.get(JAVA_INT, ERRNO) : result;
        } catch (Throwable t) {
            throw new IllegalStateException("a system call could not be made", t);
        }
    }

    final long call(long number, long a, long b, long c) {
        return call(number, a, b, c, 0, 0, 0);
    }

    /** Ignores what comes back. */
    static void callQuietly(long number, long a, long b, long c) {
        try {
            long ignored = (long) CALL_QUIETLY.invokeExact(number, a, b, c, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw new IllegalStateException("a system call could not be made", t);
        }
    }

    /** Closes a descriptor, which is gone then, whatever the result. */
    static void close(int fd) {
        callQuietly(SyscallNumbers.CLOSE, fd, 0, 0);
    }
}
