package org.millrace.io.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.millrace.io.Output;
import org.millrace.io.Segment;

/** Writes the chunks of an output with as few system calls as the JDK allows, allocating nothing. */
final class GatherWriter {
    private static final int MAX_CHUNKS = 64;

    private final ByteBuffer[] views = new ByteBuffer[MAX_CHUNKS];
    private long offered;

    /** Bytes that the last {@link #write} offered; when fewer were taken, the socket's buffer is full. */
    long offered() {
        return offered;
    }

    /** One system call; what was taken is to be advanced by the caller. */
    long write(SocketChannel channel, Output output) throws IOException {
        int chunks = Math.min(MAX_CHUNKS, output.chunks());
        if (chunks == 1) {
            offered = output.chunkLength(0);
            return channel.write(view(output, 0));
        }
        int count = 0;
        offered = 0;
        while (count < chunks && !isGathered(output, count)) {
            views[count] = view(output, count);
            offered += output.chunkLength(count);
            count++;
        }
        return channel.write(views, 0, count);
    }

    /** A segment has one view to send from, so that it can take part only once in a call. */
    private static boolean isGathered(Output output, int count) {
        Segment segment = output.chunkSegment(count);
        for (int i = 0; i < count; i++) {
            if (output.chunkSegment(i) == segment) {
                return true;
            }
        }
        return false;
    }

    private static ByteBuffer view(Output output, int index) {
        return output.chunkSegment(index).sendView(output.chunkOffset(index), output.chunkLength(index));
    }
}
