package org.millrace.io.uring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this process has of rings.
 *
 * @param descriptors of rings
 * @param mappings    of rings into its memory
 */
record RingsOpen(long descriptors, long mappings) {
    private static final String NAME = "anon_inode:[io_uring]";

    static RingsOpen now() {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
            return new RingsOpen(links.filter(RingsOpen::isRing).count(),
                maps.stream().filter(line -> line.endsWith(NAME)).count());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRing(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().equals(NAME);
        } catch (IOException e) {
            return false;
        }
    }
}
