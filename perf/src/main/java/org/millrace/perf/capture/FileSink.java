package org.millrace.perf.capture;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.conf.CaptureConfig;
import org.millrace.engine.tap.TapRecord;
import org.millrace.engine.tap.TapSink;

/** Writes records to the files of a folder, one after the other. */
final class FileSink implements TapSink {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long PRUNE_NS = 10_000_000_000L;
    private static final int FIRST_STAGED = 128 << 10;

    private final CaptureFolder folder;
    private final Path where;
    private final CaptureConfig config;
    private final Consumer<String> log;
    private final int segmentSize;
    private final Instant begin = Instant.now().truncatedTo(ChronoUnit.MICROS);
    private final long beginNs = System.nanoTime();
    private final Redactor redactor;
    private final UnsafeBuffer staged = new UnsafeBuffer(new byte[FIRST_STAGED]);
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
        boolean shown = redactor.shows(type, flags, conversation, buffer, offset, length);
        if (!shown) {
            stage(type, flags, conversation, buffer, offset, length);
        }
        if (!file.fits(length)) {
            end(file);
            file = newFile();
            prune();
        }
        int from = file.position();
        file.append(type, flags, timeNs, conversation, shown ? buffer : staged, shown ? offset : 0, length);
        bytes += file.position() - from;
        records++;
        requests += type == TapRecord.REQUEST && (flags & TapRecord.MORE) == 0 ? 1 : 0;
    }

    /** What may be secret is overwritten here, and never reaches the file. */
    private void stage(int type, int flags, long conversation, DirectBuffer buffer, int offset, int length) {
        if (length > staged.capacity()) {
            staged.wrap(new byte[length * 2]);
        }
        staged.putBytes(0, buffer, offset, length);
        redactor.redact(type, flags, conversation, staged, 0, length);
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
