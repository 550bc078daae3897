package org.millrace.perf.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void shouldBeFullToTheLastByteAndNoFurther() throws IOException {
        SegmentFile file = file("full");
        byte[] record = new byte[64 << 10];
        int records = 0;
        while (file.fits(record.length)) {
            file.append(record, record.length);
            records++;
        }
        int rest = SIZE - file.position();
        assertTrue(file.fits(rest));
        assertFalse(file.fits(rest + 1));
        file.append(new byte[rest], rest);
        file.close();
        assertEquals(SIZE, Files.size(folder.resolve("full")));
        assertEquals((SIZE - CaptureFormat.FILE_HEADER) / record.length, records);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveNoMappingAndNoDescriptorBehind() throws IOException {
        for (int i = 0; i < 20; i++) {
            SegmentFile file = file("file-" + i);
            file.append(new byte[100], 100);
            assertFalse(mappings().isEmpty());
            file.close();
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
