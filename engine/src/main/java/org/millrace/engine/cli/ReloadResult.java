package org.millrace.engine.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of a process's last reload. Lies beside its pid file, under the same name with {@code .reload} behind it,
 * for whoever has sent the signal. Appears whole or not at all.
 *
 * @param pid   the process
 * @param began when it began to read the file
 * @param good  false if the file was refused
 * @param lines what has changed, or why nothing has
 */
record ReloadResult(long pid, Instant began, boolean good, List<String> lines) {
    private static final int LENGTH_MAX = 1 << 20;
    private static final int HEAD = 3;

    /** Where the result of the process lies that has this pid file. */
    static Path beside(Path pidFile) {
        return pidFile.resolveSibling(pidFile.getFileName() + ".reload");
    }

    /** Puts it in its place. */
    void write(Path file) throws IOException {
        List<String> text = new ArrayList<>(List.of("process " + pid, "began " + began, good ? "reloaded" : "refused"));
        lines.forEach(line -> line.lines().forEach(text::add));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        // never through a link that somebody else has put there
        Files.deleteIfExists(fresh);
        Files.write(fresh, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads it; null if there is none, or if it is something else. */
    static ReloadResult read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LENGTH_MAX) {
                return null;
            }
            List<String> text = Files.readAllLines(file);
            if (text.size() < HEAD || !text.get(0).matches("process [0-9]{1,18}")
                || !text.get(1).startsWith("began ")) {
                return null;
            }
            return new ReloadResult(Long.parseLong(text.get(0).substring("process ".length())),
                Instant.parse(text.get(1).substring("began ".length())), text.get(2).equals("reloaded"),
                text.subList(HEAD, text.size()));
        } catch (IOException | DateTimeException e) {
            return null;
        }
    }
}
