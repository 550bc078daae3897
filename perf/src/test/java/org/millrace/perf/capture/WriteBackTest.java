package org.millrace.perf.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are ended leave the memory, and keep what is in them. */
class WriteBackTest {
    private static final int PAGE = 4096;
    private static final int PAGES = 256;

    @TempDir
    private Path folder;

    private Path file(int number) throws IOException {
        byte[] bytes = new byte[PAGES * PAGE];
        Arrays.fill(bytes, (byte) number);
        return Files.write(folder.resolve("file-" + number), bytes);
    }

    /** Pages of a file that are in memory, as the system has it. */
    @SuppressWarnings("restricted")
    private static int resident(Path path) {
        Linker linker = Linker.nativeLinker();
        try (FileChannel channel = FileChannel.open(path); Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            MemorySegment pages = arena.allocate(PAGES);
            int code = (int) linker.downcallHandle(linker.defaultLookup().findOrThrow("mincore"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS)).invokeExact(mapped, channel.size(), pages);
            assertEquals(0, code);
            int count = 0;
            for (int i = 0; i < PAGES; i++) {
                count += pages.get(ValueLayout.JAVA_BYTE, i) & 1;
            }
            return count;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldKeepNoMoreThanTheLastFileInMemory() throws Exception {
        Path first = file(1);
        Assumptions.assumeTrue(Files.getFileStore(first).type().matches("ext[234]|xfs|btrfs"), "kept in memory alone");
        assertEquals(PAGES, resident(first));
        try (WriteBack writeBack = new WriteBack()) {
            writeBack.ended(first);
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (resident(first) > 0) {
                assertTrue(System.nanoTime() < deadlineNs, () -> resident(first) + " pages are still in memory");
                LockSupport.parkNanos(1_000_000);
                // what another file's end does
                writeBack.ended(first);
            }
            byte[] expected = new byte[PAGES * PAGE];
            Arrays.fill(expected, (byte) 1);
            assertArrayEquals(expected, Files.readAllBytes(first));
        }
    }

    @Test
    void shouldDoNothingAboutAFileThatIsGone() {
        try (WriteBack writeBack = new WriteBack()) {
            writeBack.ended(folder.resolve("none"));
        }
    }
}
