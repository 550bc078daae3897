package org.millrace.perf.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.tap.TapRecord;

/** A file in memory while it is written, and nothing of it afterwards. */
class SegmentFileTest {
    private static final int SIZE = 8 << 20;

    @TempDir
    private Path folder;

    private SegmentFile file(String name) throws IOException {
        SegmentFile file = SegmentFile.create(folder.resolve(name), SIZE);
        file.header(new byte[CaptureFormat.FILE_HEADER]);
        return file;
    }

    private static void append(SegmentFile file, int length) throws IOException {
        file.append(TapRecord.REPLY, 0, 1, 2, new UnsafeBuffer(new byte[length]), 0, length);
    }

    @Test
    void shouldBeFullToTheLastByteAndNoFurther() throws IOException {
        SegmentFile file = file("full");
        int length = (64 << 10) - CaptureFormat.RECORD_HEADER;
        int records = 0;
        while (file.fits(length)) {
            append(file, length);
            records++;
        }
        int rest = SIZE - file.position() - CaptureFormat.RECORD_HEADER;
        assertTrue(file.fits(rest));
        assertFalse(file.fits(rest + 1));
        append(file, rest);
        file.close();
        assertEquals(SIZE, Files.size(folder.resolve("full")));
        assertEquals((SIZE - CaptureFormat.FILE_HEADER) / (64 << 10), records);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveNoMappingAndNoDescriptorBehind() throws IOException {
        for (int i = 0; i < 20; i++) {
            SegmentFile file = file("file-" + i);
            append(file, 100);
            assertFalse(mappings().isEmpty());
            file.close();
            assertEquals(List.of(), mappings());
            assertEquals(0, descriptors());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveNothingBehindWhereThereIsNoSpace() throws IOException {
        Path path = folder.resolve("none");
        List<FileChannel> readOnly = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertThrows(NonWritableChannelException.class, () -> SegmentFile.create(path, SIZE, _ -> {
                try {
                    readOnly.add(FileChannel.open(path, StandardOpenOption.READ));
                    return new SpaceAhead(readOnly.getLast());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            readOnly.getLast().close();
            assertFalse(Files.exists(path));
            assertEquals(List.of(), mappings());
            assertEquals(0, descriptors());
        }
    }

    private List<String> mappings() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream().filter(line -> line.contains(folder.toString()))
            .toList();
    }

    private long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(this::isOfTheFolder).count();
        }
    }

    private boolean isOfTheFolder(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(folder);
        } catch (IOException e) {
            return false;
        }
    }
}
