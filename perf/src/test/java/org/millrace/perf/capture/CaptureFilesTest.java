package org.millrace.perf.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.conf.CaptureConfig;
import org.millrace.engine.tap.TapRecord;
import org.millrace.engine.tap.TapSink;
import org.millrace.engine.tap.TapSinks;

/** What is written is what is read, up to the last whole record, and the oldest goes first. */
class CaptureFilesTest {
    private static final String LONG = "x".repeat(5_000);

    @TempDir
    private Path folder;
    private final List<String> log = new ArrayList<>();

    private FileSink sink(long maxSize, int maxAgeS) throws IOException {
        return new FileSink(folder, new CaptureConfig(folder.toString(), maxSize, maxAgeS, 256 << 10, 1, false,
            1 << 20), log::add);
    }

    private static void write(TapSink sink, int type, int flags, long timeNs, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        sink.record(type, flags, timeNs, 7, new UnsafeBuffer(bytes), 0, bytes.length);
    }

    private static List<String> read(Path from) throws IOException {
        return read(new CaptureReader(from));
    }

    private static List<String> read(CaptureReader reader) throws IOException {
        List<String> records = new ArrayList<>();
        while (reader.next()) {
            byte[] bytes = new byte[reader.length()];
            reader.buffer().getBytes(reader.offset(), bytes);
            records.add(reader.type() + "/" + reader.flags() + " " + new String(bytes, StandardCharsets.ISO_8859_1));
        }
        return records;
    }

    private Path onlyFile() throws IOException {
        List<Path> files = CaptureFolder.files(folder);
        assertEquals(1, files.size());
        return files.getFirst();
    }

    /** Ten records of sizes that leave each kind of padding. */
    private List<String> writeTen() throws IOException {
        FileSink sink = sink(1 << 20, 0);
        List<String> written = new ArrayList<>();
        write(sink, TapRecord.OPEN, TapRecord.MEMCACHED, 1, "alpha");
        written.add("1/8 alpha");
        for (int i = 0; i < 9; i++) {
            int type = i % 2 == 0 ? TapRecord.REQUEST : TapRecord.REPLY;
            write(sink, type, 0, i, "abcdefghi".substring(0, i));
            written.add(type + "/0 " + "abcdefghi".substring(0, i));
        }
        assertTrue(sink.close().startsWith("captured 5 requests in 10 records"));
        return written;
    }

    @Test
    void shouldReadWhatWasWritten() throws IOException {
        List<String> written = writeTen();
        CaptureReader reader = new CaptureReader(folder);
        assertEquals(written, read(reader));
        assertEquals(0, reader.cut());
        assertEquals(1.0, reader.progress());
        assertEquals(written, read(onlyFile()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(onlyFile())));
    }

    @Test
    void shouldReadAFileThatIsCutAnywhereUpToItsLastWholeRecord() throws IOException {
        List<String> written = writeTen();
        byte[] whole = Files.readAllBytes(onlyFile());
        List<Integer> ends = new ArrayList<>();
        int at = CaptureFormat.FILE_HEADER;
        while (at < whole.length) {
            int length = new UnsafeBuffer(whole).getInt(at);
            ends.add(at + length);
            at += CaptureFormat.padded(length);
        }
        assertEquals(10, ends.size());
        Path cut = folder.resolve("cut.mrc");
        for (int length = 0; length <= whole.length; length++) {
            Files.write(cut, Arrays.copyOf(whole, length));
            int end = length;
            int expected = (int) ends.stream().filter(each -> each <= end).count();
            assertEquals(written.subList(0, expected), read(cut), "cut at " + length);
        }
    }

    @Test
    void shouldReadWhatADeadWriterHasLeft() throws IOException {
        List<String> written = writeTen();
        byte[] whole = Files.readAllBytes(onlyFile());
        Path left = folder.resolve("left.mrc");
        Files.write(left, Arrays.copyOf(whole, whole.length + 5_000));
        assertEquals(written, read(left));
        byte[] lost = whole.clone();
        int last = whole.length - 8;
        lost[last] ^= 1;
        Files.write(left, lost);
        CaptureReader reader = new CaptureReader(left);
        assertEquals(written.subList(0, 9), read(reader), "bytes that never reached the disk are no record");
        assertEquals(1, reader.cut());
    }

    @Test
    void shouldReadWhileItIsWritten() throws IOException {
        FileSink sink = sink(1 << 20, 0);
        write(sink, TapRecord.OPEN, 0, 1, "alpha");
        assertEquals(List.of("1/0 alpha"), read(folder));
        sink.close();
    }

    @Test
    void shouldKeepWithinTheSizeAndDeleteTheOldest() throws IOException {
        FileSink sink = sink(1 << 20, 0);
        write(sink, TapRecord.OPEN, 0, 1, "alpha");
        for (int i = 0; i < 400; i++) {
            write(sink, TapRecord.REPLY, 0, i, i + " " + LONG);
            long total = 0;
            for (Path file : CaptureFolder.files(folder)) {
                total += Files.size(file);
            }
            assertTrue(total <= 1 << 20, total + " bytes after record " + i);
        }
        sink.close();
        List<String> left = read(folder);
        assertTrue(left.size() > 100 && left.size() < 210, left.size() + " records");
        assertTrue(left.getLast().startsWith("3/0 399 "), "the newest stay");
        assertTrue(log.getLast().startsWith("capture: deleted capture-"), log.toString());
    }

    @Test
    void shouldDeleteWhatIsTooOldAndNothingElse() throws IOException {
        writeTen();
        Path old = onlyFile();
        Path other = Files.writeString(folder.resolve("notes.txt"), "mine");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(100)));
        Files.setLastModifiedTime(other, FileTime.from(Instant.now().minusSeconds(100)));
        FileSink sink = sink(1 << 20, 200);
        write(sink, TapRecord.OPEN, 0, 1, "alpha");
        sink.look(Long.MAX_VALUE / 2);
        assertTrue(Files.exists(old));
        sink.close();
        sink = sink(1 << 20, 50);
        write(sink, TapRecord.OPEN, 0, 1, "alpha");
        sink.look(Long.MAX_VALUE / 2);
        assertTrue(Files.notExists(old) && Files.exists(other));
        sink.close();
    }

    @Test
    void shouldTellCapturesApartInOneFolder() throws IOException {
        for (int i = 0; i < 2; i++) {
            FileSink sink = sink(1 << 20, 0);
            write(sink, TapRecord.OPEN, 0, 1, "alpha");
            sink.close();
        }
        CaptureReader reader = new CaptureReader(folder);
        assertTrue(reader.next());
        long first = reader.conversation();
        assertTrue(reader.next());
        assertTrue(first != reader.conversation() && reader.captures() == 2);
    }

    @Test
    void shouldLeaveNoFileWithoutARecord() throws IOException {
        sink(1 << 20, 0).close();
        assertEquals(List.of(), CaptureFolder.files(folder));
    }

    @Test
    void shouldSayWhatIsWrong() throws IOException {
        assertTrue(assertThrows(IOException.class, () -> new CaptureReader(folder)).getMessage()
            .startsWith("there is no capture in "));
        Path file = Files.writeString(folder.resolve("capture-1.mrc"), "y".repeat(100));
        assertTrue(assertThrows(IOException.class, () -> new CaptureReader(file).next()).getMessage()
            .endsWith(" is no capture of Millrace"));
        CaptureConfig nowhere = new CaptureConfig(file + "/x", 1 << 20, 0, 1 << 20, 1, false, 1 << 20);
        TapSinks sinks = TapSinks.find();
        String message = assertThrows(IOException.class, () -> sinks.open(nowhere, log::add)).getMessage();
        assertTrue(message.startsWith("cannot capture to ") && message.endsWith("or by --to"), message);
    }
}
