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

/** Space is there before it is written to, and what was written there stays. */
class SpaceAheadTest {
    private static final int LENGTH = SpaceAhead.STEP;

    @TempDir
    private Path folder;

    @Test
    void shouldTakeSpaceOnTheDiskPieceByPiece() throws IOException {
        Path path = folder.resolve("file");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
            StandardOpenOption.WRITE); Arena arena = Arena.ofConfined()) {
            SpaceAhead space = new SpaceAhead(channel);
            // a mapping makes the file longer, but takes no space for it
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 2L * LENGTH, arena);
            long blocksBefore = blocks(path);
            space.take(0, LENGTH, mapped.address());
            assertEquals(0, blocksBefore);
            assertTrue(blocks(path) * 512 >= LENGTH, blocks(path) + " blocks");
            assertEquals(-1, mapped.asSlice(0, LENGTH).mismatch(MemorySegment.ofArray(new byte[LENGTH])));
            mapped.set(ValueLayout.JAVA_BYTE, LENGTH - 1, (byte) 1);
            int half = LENGTH / 2;
            space.take(LENGTH, half, mapped.address() + LENGTH);
            assertTrue(blocks(path) * 512 >= LENGTH + half, blocks(path) + " blocks");
            assertTrue(blocks(path) * 512 < 2L * LENGTH, blocks(path) + " blocks");
            assertEquals(1, mapped.get(ValueLayout.JAVA_BYTE, LENGTH - 1), "what was written stays");
        }
    }

    /** Of 512 bytes, as the disk has them. */
    private static long blocks(Path path) throws IOException {
        Process stat = new ProcessBuilder("stat", "-c", "%b", path.toString()).start();
        return Long.parseLong(new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
}
