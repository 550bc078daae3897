package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Signals to processes. */
final class Signal {
    private Signal() {
    }

    /** Sends one by its name. After STOP no thread of the process runs any more. */
    static void send(long pid, String name) throws IOException {
        try {
            assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        Path threads = Path.of("/proc", Long.toString(pid), "task");
        if (name.equals("STOP") && Files.exists(threads)) {
            // one thread takes the signal, when it gets a processor; until then the others go on
            Await.until("process " + pid + " stands still", () -> allStopped(threads));
        }
    }

    private static boolean allStopped(Path threads) {
        try (Stream<Path> folders = Files.list(threads)) {
            List<Path> each = folders.toList();
            for (Path thread : each) {
                String stat = Files.readString(thread.resolve("stat"));
                // the name of the program may hold blanks and brackets
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
