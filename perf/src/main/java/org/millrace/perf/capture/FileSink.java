package org.millrace.perf.capture;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.conf.CaptureConfig;
import org.millrace.engine.tap.TapRecord;
import org.millrace.engine.tap.TapSink;

/** Writes records to the files of a folder, one after the other. */
final class FileSink implements TapSink {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long PRUNE_NS = 10_000_000_000L;
    private static final int FIRST_RECORD = 128 << 10;

    private final CaptureFolder folder;
    private final Path where;
    private final CaptureConfig config;
    private final Consumer<String> log;
    private final int segmentSize;
    private final Instant begin = Instant.now().truncatedTo(ChronoUnit.MICROS);
    private final long beginNs = System.nanoTime();
    private final Redactor redactor;
    private final CRC32C check = new CRC32C();
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[FIRST_RECORD]);
    private final WriteBack writeBack = new WriteBack();
    private SegmentFile file;
    private int files;
    private long prunedNs = beginNs;
    private long requests;
    private long records;
    private long bytes;

    FileSink(Path where, CaptureConfig config, Consumer<String> log) throws IOException {
        this.where = where;
        this.config = config;
        this.log = log;
        segmentSize = (int) Math.min(config.segmentSize(), config.maxSize() / 2);
        redactor = new Redactor(config.redact());
        folder = CaptureFolder.make(where);
        file = newFile();
        log.accept("capturing " + (config.sample() == 1 ? "every client" : "one of " + config.sample() + " clients")
            + (config.redact() ? ", values overwritten," : ", keys and values as they are,") + " to " + where);
    }

    private SegmentFile newFile() throws IOException {
        SegmentFile next = SegmentFile.create(folder.next(begin, ++files), segmentSize);
        UnsafeBuffer header = new UnsafeBuffer(new byte[CaptureFormat.FILE_HEADER]);
        long epochUs = begin.getEpochSecond() * 1_000_000 + begin.getNano() / 1_000;
        header.putLong(0, CaptureFormat.MAGIC, ORDER);
        header.putInt(CaptureFormat.VERSION_AT, CaptureFormat.VERSION, ORDER);
        header.putInt(CaptureFormat.HEADER_LENGTH_AT, CaptureFormat.FILE_HEADER, ORDER);
        header.putLong(CaptureFormat.EPOCH_AT, epochUs, ORDER);
        header.putLong(CaptureFormat.CLOCK_AT, beginNs, ORDER);
        header.putInt(CaptureFormat.FLAGS_AT, config.redact() ? CaptureFormat.REDACTED : 0, ORDER);
        header.putInt(CaptureFormat.NUMBER_AT, files, ORDER);
        header.putLong(CaptureFormat.CAPTURE_AT, epochUs, ORDER);
        next.header(header.byteArray());
        return next;
    }

    @Override
    public void record(int type, int flags, long timeNs, long conversation, DirectBuffer buffer, int offset,
        int length) throws IOException {
        int total = CaptureFormat.RECORD_HEADER + length;
        if (total > record.capacity()) {
            record.wrap(new byte[total * 2]);
        }
        record.putLong(CaptureFormat.TIME_AT, timeNs, ORDER);
        record.putLong(CaptureFormat.CONVERSATION_AT, conversation, ORDER);
        record.putLong(CaptureFormat.TYPE_AT, type | flags << Byte.SIZE, ORDER);
        record.putBytes(CaptureFormat.RECORD_HEADER, buffer, offset, length);
        redactor.redact(type, flags, conversation, record, CaptureFormat.RECORD_HEADER, total);
        byte[] wire = record.byteArray();
        check.reset();
        check.update(wire, CaptureFormat.CHECKED_FROM, total - CaptureFormat.CHECKED_FROM);
        record.putInt(CaptureFormat.CHECK_AT, (int) check.getValue(), ORDER);
        if (!file.fits(total)) {
            end(file);
            file = newFile();
            prune();
        }
        file.append(wire, total);
        records++;
        bytes += CaptureFormat.padded(total);
        requests += type == TapRecord.REQUEST && (flags & TapRecord.MORE) == 0 ? 1 : 0;
    }

    @Override
    public void look(long nowNs) throws IOException {
        if (nowNs - prunedNs >= PRUNE_NS) {
            prunedNs = nowNs;
            prune();
        }
    }

    private void prune() throws IOException {
        Instant oldest = config.maxAgeS() == 0 ? Instant.MIN : Instant.now().minusSeconds(config.maxAgeS());
        folder.prune(file.path(), segmentSize, config.maxSize(), oldest)
            .forEach(each -> log.accept("capture: deleted " + each.getFileName()));
    }

    /** One without a record is nothing that anybody could read. */
    private void end(SegmentFile ended) throws IOException {
        ended.close();
        if (ended.position() <= CaptureFormat.FILE_HEADER) {
            Files.deleteIfExists(ended.path());
        } else {
            writeBack.ended(ended.path());
        }
    }

    @Override
    public String close() {
        String outcome = String.format(Locale.ROOT, "captured %,d requests in %,d records, %,d bytes, to %s", requests,
            records, bytes, where);
        try (writeBack) {
            end(file);
        } catch (IOException e) {
            return outcome + "; its last file could not be ended: " + e;
        }
        return outcome;
    }
}
