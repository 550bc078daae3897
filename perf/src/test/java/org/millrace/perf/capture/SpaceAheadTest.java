package org.millrace.perf.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Space is there before it is written to, by calls of the system or without them. */
class SpaceAheadTest {
    private static final int LENGTH = 3 << 20;
    private static final int NO_DESCRIPTOR = 1 << 20;

    @TempDir
    private Path folder;

    private interface Maker {
        SpaceAhead make(Path path, FileChannel channel) throws IOException;
    }

    private void check(Maker maker) throws IOException {
        Path path = folder.resolve("file");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
            StandardOpenOption.WRITE); SpaceAhead space = maker.make(path, channel); Arena arena = Arena.ofConfined()) {
            // a mapping makes the file longer, but takes no space for it
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 2L * LENGTH, arena);
            long freeBefore = blocks(path);
            space.take(0, LENGTH, mapped.address());
            assertEquals(0, freeBefore);
            assertTrue(blocks(path) * 512 >= LENGTH, blocks(path) + " blocks");
            assertEquals(-1, mapped.asSlice(0, LENGTH).mismatch(MemorySegment.ofArray(new byte[LENGTH])));
            mapped.set(ValueLayout.JAVA_BYTE, LENGTH - 1, (byte) 1);
            space.take(LENGTH, LENGTH, mapped.address() + LENGTH);
            assertEquals(1, mapped.get(ValueLayout.JAVA_BYTE, LENGTH - 1), "what was written stays");
        }
    }

    /** Of 512 bytes, as the disk has them. */
    private static long blocks(Path path) throws IOException {
        Process stat = new ProcessBuilder("stat", "-c", "%b", path.toString()).start();
        return Long.parseLong(new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }

    @Test
    void shouldTakeSpaceByCallsOfTheSystem() throws IOException {
        check(SpaceAhead::new);
    }

    @Test
    void shouldWriteZerosWhereThereAreNoSuchCalls() throws IOException {
        check((path, channel) -> new SpaceAhead(channel, -1));
    }

    @Test
    void shouldWriteZerosWhereTheFileSystemRefuses() throws IOException {
        check((path, channel) -> new SpaceAhead(channel, NO_DESCRIPTOR));
    }
}
