package org.millrace.perf.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Takes space for a mapped file before it is written to: on the disk, so that a full one shows as an error here and
 * never in the mapped memory, and in memory, many pages with one call. A page that is taken by the first write to it
 * costs several times as much of the system's time; and so, by half, do pages that the system has to fill with zeros
 * one by one, as it does behind posix_fallocate, beside zeros that are written here.
 */
final class SpaceAhead {
    /** What is taken at once: it stays in the processor's cache until it is written to. */
    static final int STEP = 1 << 20;

    private final FileChannel channel;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(STEP);

    /** For a file that is open for writing. */
    SpaceAhead(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes space.
     *
     * @param offset  of the file, as all of the arguments a multiple of a page
     * @param length  at most {@link #STEP}
     * @param address where that lies in memory
     * @throws IOException if there is none on the disk
     */
    void take(long offset, int length, long address) throws IOException {
        zeros.clear().limit(length);
        while (zeros.hasRemaining()) {
            channel.write(zeros, offset + zeros.position());
        }
        // If that fails, as with an older kernel, pages are mapped one by one, which costs more and nothing else.
        SystemCalls.populate(address, length);
    }
}
