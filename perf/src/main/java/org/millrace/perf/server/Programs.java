package org.millrace.perf.server;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds programs in the folders of a {@code PATH}. */
final class Programs {
    private Programs() {
    }

    /** The first of the folders that has it, by the {@code PATH} of this process; null if none has. */
    static Path find(String name) {
        return find(name, System.getenv("PATH"));
    }

    /**
     * The first of the folders that has it.
     *
     * @param path folders as in {@code PATH}, may be null
     * @return null if none has
     */
    static Path find(String name, String path) {
        if (path == null) {
            return null;
        }
        for (String folder : path.split(File.pathSeparator)) {
            Path candidate = Path.of(folder, name);
            if (!folder.isEmpty() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}
