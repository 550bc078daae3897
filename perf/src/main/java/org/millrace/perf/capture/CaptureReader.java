package org.millrace.perf.capture;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the records of a folder's files, or of one file, in the order in which they were written. A file that was cut,
 * or whose writer has died, is read up to its last whole record. One thread; a flyweight.
 */
public final class CaptureReader {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int CONVERSATION_BITS = 48;

    private final List<Path> files;
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private final CRC32C check = new CRC32C();
    private final byte[] checked = new byte[8 << 10];
    private final long totalBytes;
    private int nextFile;
    private int limit;
    private int at;
    private int record;
    private int length;
    private long bytesBefore;
    private long offsetNs;
    private long capture;
    private long captures;
    private boolean redacted;
    private int cut;

    /**
     * Opens a capture.
     *
     * @throws IOException if there is none; the message says so
     */
    public CaptureReader(Path from) throws IOException {
        if (!Files.exists(from)) {
            throw new IOException("there is no " + from);
        }
        files = CaptureFolder.files(from);
        if (files.isEmpty()) {
            throw new IOException("there is no capture in " + from + ": its files are called "
                + CaptureFormat.PREFIX + "..." + CaptureFormat.SUFFIX);
        }
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        totalBytes = total;
    }

    /** Goes to the next record; false if there is none. */
    public boolean next() throws IOException {
        while (true) {
            if (at + CaptureFormat.RECORD_HEADER <= limit) {
                length = buffer.getInt(at, ORDER);
                if (length != 0 && isWhole()) {
                    record = at;
                    at += CaptureFormat.padded(length);
                    return true;
                }
                cut += length == 0 ? 0 : 1;
            } else if (at < limit) {
                cut++;
            }
            if (nextFile == files.size()) {
                at = limit;
                return false;
            }
            bytesBefore += limit;
            open(files.get(nextFile++));
        }
    }

    /** The last bytes of a record that was cut, or never reached the disk, do not fit what is said of them. */
    private boolean isWhole() {
        if (length < CaptureFormat.RECORD_HEADER || length > limit - at) {
            return false;
        }
        check.reset();
        int from = at + CaptureFormat.CHECKED_FROM;
        int end = at + length;
        while (from < end) {
            int piece = Math.min(checked.length, end - from);
            buffer.getBytes(from, checked, 0, piece);
            check.update(checked, 0, piece);
            from += piece;
        }
        return (int) check.getValue() == buffer.getInt(at + CaptureFormat.CHECK_AT, ORDER);
    }

    private void open(Path file) throws IOException {
        at = 0;
        limit = 0;
        try (FileChannel channel = FileChannel.open(file)) {
            long size = Math.min(channel.size(), Integer.MAX_VALUE);
            if (size < CaptureFormat.FILE_HEADER) {
                cut++;
                return;
            }
            buffer.wrap(channel.map(MapMode.READ_ONLY, 0, size));
            if (buffer.getLong(0, ORDER) != CaptureFormat.MAGIC) {
                throw new IOException(file + " is no capture of Millrace");
            }
            int version = buffer.getInt(CaptureFormat.VERSION_AT, ORDER);
            if (version != CaptureFormat.VERSION) {
                throw new IOException(file + " is of version " + version + ", this program reads version "
                    + CaptureFormat.VERSION);
            }
            limit = (int) size;
        }
        at = buffer.getInt(CaptureFormat.HEADER_LENGTH_AT, ORDER);
        offsetNs = buffer.getLong(CaptureFormat.EPOCH_AT, ORDER) * 1_000
            - buffer.getLong(CaptureFormat.CLOCK_AT, ORDER);
        redacted |= (buffer.getInt(CaptureFormat.FLAGS_AT, ORDER) & CaptureFormat.REDACTED) != 0;
        long which = buffer.getLong(CaptureFormat.CAPTURE_AT, ORDER);
        if (which != capture) {
            capture = which;
            captures++;
        }
    }

    /** Kind of the record, of {@link org.millrace.engine.tap.TapRecord}. */
    public int type() {
        return buffer.getByte(record + CaptureFormat.TYPE_AT);
    }

    /** Flags of the record, of {@link org.millrace.engine.tap.TapRecord}. */
    public int flags() {
        return buffer.getByte(record + CaptureFormat.RECORD_FLAGS_AT);
    }

    /** When it happened, in nanoseconds since 1970. */
    public long epochNs() {
        return buffer.getLong(record + CaptureFormat.TIME_AT, ORDER) + offsetNs;
    }

    /** Whose it is: unique in all that this reads. */
    public long conversation() {
        return captures << CONVERSATION_BITS ^ buffer.getLong(record + CaptureFormat.CONVERSATION_AT, ORDER);
    }

    /** Holds the record's bytes. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Where the record's bytes begin. */
    public int offset() {
        return record + CaptureFormat.RECORD_HEADER;
    }

    /** How many bytes the record has. */
    public int length() {
        return length - CaptureFormat.RECORD_HEADER;
    }

    /** How many captures have begun so far: what the one before has left open does not go on. */
    public long captures() {
        return captures;
    }

    /** True if values were overwritten, in the files opened so far. */
    public boolean isRedacted() {
        return redacted;
    }

    /** Files that end in the middle of a record, of those opened so far. */
    public int cut() {
        return cut;
    }

    /** From 0 to 1: how much has been read. */
    public double progress() {
        return totalBytes == 0 ? 1 : (double) (bytesBefore + at) / totalBytes;
    }
}
