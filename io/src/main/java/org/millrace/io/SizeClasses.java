package org.millrace.io;

/** Segments have power-of-two sizes, 256 B to 1 MiB; class 0 is the smallest. */
final class SizeClasses {
    static final int MIN_SHIFT = 8;
    static final int COUNT = 13;
    static final int MAX_BYTES = 1 << MIN_SHIFT + COUNT - 1;

    private SizeClasses() {
    }

    /** The smallest class that holds so many bytes, of which there are at most {@link #MAX_BYTES}. */
    static int of(int bytes) {
        return bytes <= 1 << MIN_SHIFT ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(bytes - 1) - MIN_SHIFT;
    }

    static int bytes(int sizeClass) {
        return 1 << MIN_SHIFT + sizeClass;
    }
}
