package org.millrace.perf.capture;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import net.openhft.chronicle.bytes.MappedBytes;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;

/** One file that is being written, mapped into memory. Space is taken before it is written to. */
final class SegmentFile {
    private static final int STEP = 4 << 20;

    private final Path path;
    private final FileChannel channel;
    private final SpaceAhead space;
    private final MappedBytes bytes;
    private final int size;
    private int position;
    private int allocated;

    private SegmentFile(Path path, FileChannel channel, SpaceAhead space, MappedBytes bytes, int size) {
        this.path = path;
        this.channel = channel;
        this.space = space;
        this.bytes = bytes;
        this.size = size;
    }

    /** Makes a file of at most so many bytes, for its owner alone. */
    static SegmentFile create(Path path, int size) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(path);
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        SpaceAhead space = new SpaceAhead(path, channel);
        try {
            // as one chunk: what the library maps as a single piece it never unmaps
            MappedBytes bytes = MappedBytes.mappedBytes(path.toFile(), size, 0L);
            // opened by whoever begins the capture, written by the thread that was made for it
            bytes.singleThreadedCheckDisabled(true);
            SegmentFile file = new SegmentFile(path, channel, space, bytes, size);
            file.allocate(CaptureFormat.FILE_HEADER);
            return file;
        } catch (IOException | RuntimeException | LinkageError e) {
            space.close();
            channel.close();
            Files.deleteIfExists(path);
            throw e;
        }
    }

    Path path() {
        return path;
    }

    int position() {
        return position;
    }

    /** True if a record of this length fits. */
    boolean fits(int length) {
        return position + CaptureFormat.padded(length) <= size;
    }

    /** Writes the file's header. */
    void header(byte[] header) throws IOException {
        bytes.write(0, header, 0, header.length);
        position = header.length;
    }

    /** Writes a record whose header begins with its length; it is there when that is. */
    void append(byte[] record, int length) throws IOException {
        int end = position + CaptureFormat.padded(length);
        allocate(end);
        bytes.write(position + CaptureFormat.CHECK_AT, record, CaptureFormat.CHECK_AT,
            length - CaptureFormat.CHECK_AT);
        bytes.writeOrderedInt(position, length);
        position = end;
    }

    private void allocate(int end) throws IOException {
        while (allocated < end) {
            int step = Math.min(STEP, size - allocated);
            space.take(allocated, step, bytes.addressForWrite(allocated));
            allocated += step;
        }
    }

    /** Ends the file behind its last record. */
    void close() throws IOException {
        bytes.releaseLast();
        BackgroundResourceReleaser.releasePendingResources();
        try (channel; space) {
            channel.truncate(position);
        }
    }
}
