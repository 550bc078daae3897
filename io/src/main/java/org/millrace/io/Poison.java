package org.millrace.io;

import org.agrona.concurrent.UnsafeBuffer;

/** What free segments hold in tests, so that reading or writing them after their release shows. */
final class Poison {
    private static final byte BYTE = (byte) 0xDB;
    private static final long WORD = 0xDBDB_DBDB_DBDB_DBDBL;

    private Poison() {
    }

    static void fill(UnsafeBuffer buffer) {
        buffer.setMemory(0, buffer.capacity(), BYTE);
    }

    static void check(UnsafeBuffer buffer) {
        for (int i = 0; i < buffer.capacity(); i += Long.BYTES) {
            if (buffer.getLong(i) != WORD) {
                throw new IllegalStateException("a free segment was written to at offset " + i);
            }
        }
    }
}
