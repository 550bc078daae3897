package org.millrace.perf.capture;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Function;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.MappedBytes;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One file that is being written, mapped into memory. Space is taken before it is written to. */
final class SegmentFile {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private final Path path;
    private final FileChannel channel;
    private final SpaceAhead space;
    private final MappedBytes bytes;
    /** The whole file, for the checksum and for everything else. */
    private final ByteBuffer view;
    private final UnsafeBuffer memory;
    private final CRC32C check = new CRC32C();
    private final int size;
    private int position;
    private int allocated;

    @SuppressWarnings("restricted")
    private SegmentFile(Path path, FileChannel channel, SpaceAhead space, MappedBytes bytes, int size) {
        this.path = path;
        this.channel = channel;
        this.space = space;
        this.bytes = bytes;
        this.size = size;
        view = MemorySegment.ofAddress(bytes.addressForWrite(0)).reinterpret(size).asByteBuffer();
        memory = new UnsafeBuffer(view);
    }

    /** Makes a file of at most so many bytes, for its owner alone. */
    static SegmentFile create(Path path, int size) throws IOException {
        return create(path, size, SpaceAhead::new);
    }

    /** The same with what takes the space. */
    static SegmentFile create(Path path, int size, Function<FileChannel, SpaceAhead> spaceOf) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(path);
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        SpaceAhead space = spaceOf.apply(channel);
        MappedBytes bytes = null;
        try {
            // as one chunk: what the library maps as a single piece it never unmaps
            bytes = MappedBytes.mappedBytes(path.toFile(), size, 0L);
            // opened by whoever begins the capture, written by the thread that was made for it
            bytes.singleThreadedCheckDisabled(true);
            SegmentFile file = new SegmentFile(path, channel, space, bytes, size);
            file.allocate(CaptureFormat.FILE_HEADER);
            return file;
        } catch (IOException | RuntimeException | LinkageError e) {
            if (bytes != null) {
                unmap(bytes);
            }
            channel.close();
            Files.deleteIfExists(path);
            throw e;
        }
    }

    private static void unmap(MappedBytes bytes) {
        bytes.releaseLast();
        BackgroundResourceReleaser.releasePendingResources();
    }

    Path path() {
        return path;
    }

    int position() {
        return position;
    }

    /** True if a record of so many bytes fits. */
    boolean fits(int length) {
        return position + CaptureFormat.padded(CaptureFormat.RECORD_HEADER + length) <= size;
    }

    /** Writes the file's header. */
    void header(byte[] header) {
        memory.putBytes(0, header);
        position = header.length;
    }

    /** Writes a record that fits, and last of all its length: it is there when that is. */
    void append(int type, int flags, long timeNs, long conversation, DirectBuffer source, int offset, int length)
        throws IOException {
        int total = CaptureFormat.RECORD_HEADER + length;
        int end = position + CaptureFormat.padded(total);
        allocate(end);
        memory.putLong(position + CaptureFormat.TIME_AT, timeNs, ORDER);
        memory.putLong(position + CaptureFormat.CONVERSATION_AT, conversation, ORDER);
        memory.putLong(position + CaptureFormat.TYPE_AT, type | flags << Byte.SIZE, ORDER);
        memory.putBytes(position + CaptureFormat.RECORD_HEADER, source, offset, length);
        check.reset();
        check.update(view.limit(position + total).position(position + CaptureFormat.CHECKED_FROM));
        memory.putInt(position + CaptureFormat.CHECK_AT, (int) check.getValue(), ORDER);
        memory.putIntOrdered(position, total);
        position = end;
    }

    private void allocate(int end) throws IOException {
        while (allocated < end) {
            int step = Math.min(SpaceAhead.STEP, size - allocated);
            space.take(allocated, step, bytes.addressForWrite(allocated));
            allocated += step;
        }
    }

    /** Ends the file behind its last record. */
    void close() throws IOException {
        unmap(bytes);
        try (channel) {
            channel.truncate(position);
        }
    }
}
