package org.millrace.io.uring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** Memory by address, without objects. Addresses are aligned to what is read or written. */
@SuppressWarnings("restricted")
final class Raw {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final VarHandle SHORT = JAVA_SHORT.varHandle();

    private Raw() {
    }

    static byte getByte(long address) {
        return ALL.get(JAVA_BYTE, address);
    }

    static void putByte(long address, byte value) {
        ALL.set(JAVA_BYTE, address, value);
    }

    static short getShort(long address) {
        return ALL.get(JAVA_SHORT, address);
    }

    static void putShort(long address, short value) {
        ALL.set(JAVA_SHORT, address, value);
    }

    static int getInt(long address) {
        return ALL.get(JAVA_INT, address);
    }

    static void putInt(long address, int value) {
        ALL.set(JAVA_INT, address, value);
    }

    static long getLong(long address) {
        return ALL.get(JAVA_LONG, address);
    }

    static void putLong(long address, long value) {
        ALL.set(JAVA_LONG, address, value);
    }

    static int getIntAcquire(long address) {
        return (int) INT.getAcquire(ALL, address);
    }

    static void putIntRelease(long address, int value) {
        INT.setRelease(ALL, address, value);
    }

    static void putShortRelease(long address, short value) {
        SHORT.setRelease(ALL, address, value);
    }

    /** Of a length that is a multiple of 8. */
    static void clear(long address, int bytes) {
        for (int i = 0; i < bytes; i += Long.BYTES) {
            putLong(address + i, 0);
        }
    }
}
