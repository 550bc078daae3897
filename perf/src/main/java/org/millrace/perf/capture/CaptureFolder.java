package org.millrace.perf.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The files of a folder, by their age, and how many of them may stay. */
final class CaptureFolder {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSSSSS", Locale.ROOT)
        .withZone(ZoneOffset.UTC);

    private final Path folder;

    private CaptureFolder(Path folder) {
        this.folder = folder;
    }

    /** Makes it if it is not there, for its owner alone. */
    static CaptureFolder make(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createDirectories(folder,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectories(folder);
            }
        }
        return new CaptureFolder(folder);
    }

    /** Where the file with this number of a capture goes; later ones sort behind earlier ones. */
    Path next(Instant begin, int number) {
        return folder.resolve(String.format(Locale.ROOT, "%s%sZ-%06d%s", CaptureFormat.PREFIX, TIME.format(begin),
            number, CaptureFormat.SUFFIX));
    }

    /** The capture files of a folder, the oldest first; or this one file. */
    static List<Path> files(Path folder) throws IOException {
        if (Files.isRegularFile(folder)) {
            return List.of(folder);
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(CaptureFolder::isCapture).sorted().toList();
        }
    }

    private static boolean isCapture(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(CaptureFormat.PREFIX) && name.endsWith(CaptureFormat.SUFFIX);
    }

    /**
     * Deletes the oldest files until those that are left, and one that is begun beside them, take no more than allowed,
     * and those that ended before a time.
     *
     * @param writing the file that is being written, which stays
     * @param room    bytes that it may come to
     * @return what was deleted
     */
    List<Path> prune(Path writing, long room, long maxBytes, Instant endedBefore) throws IOException {
        List<Path> deleted = new ArrayList<>();
        List<Path> ended = files(folder).stream().filter(file -> !file.equals(writing)).toList();
        long total = room;
        for (Path file : ended.reversed()) {
            try {
                long size = Files.size(file);
                boolean old = Files.getLastModifiedTime(file).toInstant().isBefore(endedBefore);
                if (old || total + size > maxBytes) {
                    Files.deleteIfExists(file);
                    deleted.add(file);
                } else {
                    total += size;
                }
            } catch (NoSuchFileException e) {
                // somebody else has taken it away, which is as good
                continue;
            }
        }
        return deleted;
    }
}
