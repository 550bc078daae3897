package org.millrace.io;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Gives the pages behind memory back to the system while the memory stays mapped: whoever still points there reads
 * zeros and harms nobody (madvise(2), MADV_DONTNEED). Where that call is not to be had, nothing is given back.
 */
final class Pages {
    private static final int MADV_DONTNEED = 4;
    private static final MethodHandle MADVISE = find();

    private Pages() {
    }

    @SuppressWarnings("restricted")
    private static MethodHandle find() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        try {
            Linker linker = Linker.nativeLinker();
            MemorySegment symbol = linker.defaultLookup().find("madvise").orElse(null);
            if (symbol == null) {
                symbol = SymbolLookup.libraryLookup("libc.so.6", Arena.global()).find("madvise").orElse(null);
            }
            return symbol == null ? null : linker.downcallHandle(symbol, FunctionDescriptor.of(ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        } catch (IllegalCallerException | IllegalArgumentException e) {
            // native access is denied
            return null;
        }
    }

    /**
     * Gives back the whole pages within a range.
     *
     * @return bytes given back
     */
    static long giveBack(long address, long length) {
        long from = address + SegmentArena.PAGE_BYTES - 1 & -SegmentArena.PAGE_BYTES;
        long to = address + length & -SegmentArena.PAGE_BYTES;
        if (MADVISE == null || to <= from) {
            return 0;
        }
        try {
            return (int) MADVISE.invokeExact(from, to - from, MADV_DONTNEED) == 0 ? to - from : 0;
        } catch (Throwable e) {
            throw new IllegalStateException("madvise", e);
        }
    }
}
