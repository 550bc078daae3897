package org.millrace.perf.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Takes space for a mapped file before it is written to: on the disk, so that a full one shows as an error here and
 * never in the mapped memory, and in memory, many pages with one call. A page that is taken by the first write to it
 * costs about six times as much of the system's time. Where the system has no such calls, zeros are written.
 */
final class SpaceAhead implements AutoCloseable {
    private static final int NO_SPACE = 28;
    private static final int ZEROS = 1 << 20;

    private final FileChannel channel;
    /** Of the file, -1 if zeros have to do. */
    private int descriptor;
    private ByteBuffer zeros;

    /** For a file that is open for writing. */
    SpaceAhead(Path path, FileChannel channel) {
        this(channel, SystemCalls.open(path));
    }

    /** The same with the descriptor, or -1 where the system has no such calls. */
    SpaceAhead(FileChannel channel, int descriptor) {
        this.channel = channel;
        this.descriptor = descriptor;
    }

    /**
     * Takes space.
     *
     * @param offset  of the file, as all of the arguments a multiple of a page
     * @param address where that lies in memory
     * @throws IOException if there is none on the disk
     */
    void take(long offset, int length, long address) throws IOException {
        int error = descriptor < 0 ? -1 : SystemCalls.allocate(descriptor, offset, length);
        if (error == NO_SPACE) {
            throw new IOException("No space left on device");
        }
        if (error != 0) {
            writeZeros(offset, length);
        }
        if (descriptor >= 0) {
            // If that fails, as with an older kernel, pages are taken one by one, which costs more and nothing else.
            SystemCalls.populate(address, length);
        }
    }

    private void writeZeros(long offset, int length) throws IOException {
        if (zeros == null) {
            zeros = ByteBuffer.allocateDirect(ZEROS);
        }
        int done = 0;
        while (done < length) {
            zeros.clear().limit(Math.min(ZEROS, length - done));
            done += channel.write(zeros, offset + done);
        }
    }

    @Override
    public void close() {
        if (descriptor >= 0) {
            SystemCalls.close(descriptor);
            descriptor = -1;
        }
    }
}
