package org.millrace.perf.capture;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Calls of the C library about files that the JDK has not. Only of Linux: elsewhere nothing can be opened, and nothing
 * happens.
 */
@SuppressWarnings("restricted")
final class SystemCalls {
    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");
    private static final int READ_WRITE_CLOEXEC = 2 | 0x80000;
    private static final int POPULATE_WRITE = 23;
    private static final int DONT_NEED = 4;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN = handle("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT,
        JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle MADVISE = handle("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG,
        JAVA_LONG, JAVA_INT));
    private static final MethodHandle ADVISE = handle("posix_fadvise", FunctionDescriptor.of(JAVA_INT, JAVA_INT,
        JAVA_LONG, JAVA_LONG, JAVA_INT));

    private SystemCalls() {
    }

    private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINUX ? LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options) : null;
    }

    /** Opens a file that is there; -1 if that cannot be done. */
    static int open(Path path) {
        if (!LINUX) {
            return -1;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString());
            return (int) OPEN.invokeExact(name, READ_WRITE_CLOEXEC, 0);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Makes pages of a mapping ready to be written to; may do nothing. */
    static void populate(long address, long length) {
        try {
            int ignored = LINUX ? (int) MADVISE.invokeExact(address, length, POPULATE_WRITE) : 0;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Of a whole file: what is changed begins to be written to the disk, what is written leaves the memory. */
    static void forget(int descriptor) {
        try {
            int ignored = (int) ADVISE.invokeExact(descriptor, 0L, 0L, DONT_NEED);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private static IllegalStateException broken(Throwable e) {
        return new IllegalStateException("a call of the system cannot be made", e);
    }
}
