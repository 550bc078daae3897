package org.millrace.perf.server;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/** Finds a program that is a Redis server: the system's own when there is one, else the one that comes in a jar. */
public final class RedisExecutable {
    private static final List<String> NAMES = List.of("redis-server", "valkey-server");

    private static Path extracted;

    private RedisExecutable() {
    }

    /**
     * The system's server if one is on {@code PATH}, else the embedded one.
     *
     * @throws IOException if there is none for this machine; the message says what to install
     */
    public static Path find() throws IOException {
        Path system = onPath(System.getenv("PATH"));
        return system != null ? system : embedded();
    }

    /** The first Redis server in the directories of {@code path}, or null. */
    static Path onPath(String path) {
        for (String name : NAMES) {
            Path program = Programs.find(name, path);
            if (program != null) {
                return program;
            }
        }
        return null;
    }

    /** The embedded server, unpacked into a temporary folder once for each JVM. */
    static synchronized Path embedded() throws IOException {
        if (extracted == null) {
            try {
                File file = ExecutableProvider.newJarResourceProvider().get();
                file.deleteOnExit();
                file.getParentFile().deleteOnExit();
                extracted = file.toPath();
            } catch (IOException | RuntimeException e) {
                throw new IOException("no redis-server on PATH and none embedded for this machine (" + e.getMessage()
                    + "); install redis-server or valkey-server", e);
            }
        }
        return extracted;
    }
}
