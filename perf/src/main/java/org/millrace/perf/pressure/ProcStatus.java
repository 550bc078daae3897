package org.millrace.perf.pressure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What Linux tells of a process: resident memory, its high-water mark, open descriptors. */
final class ProcStatus {
    private ProcStatus() {
    }

    /** Resident bytes now. */
    static long residentBytes(long pid) throws IOException {
        return field(pid, "VmRSS:");
    }

    /** Most resident bytes since the start or the last {@link #resetPeak}. */
    static long peakBytes(long pid) throws IOException {
        return field(pid, "VmHWM:");
    }

    /** Makes the high-water mark begin anew; false where the system does not let us. */
    static boolean resetPeak(long pid) {
        try {
            Files.writeString(proc(pid, "clear_refs"), "5");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Open descriptors. */
    static int descriptors(long pid) throws IOException {
        try (Stream<Path> entries = Files.list(proc(pid, "fd"))) {
            return (int) entries.count();
        }
    }

    private static long field(long pid, String name) throws IOException {
        for (String line : Files.readAllLines(proc(pid, "status"))) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("process " + pid + " has no " + name + " in /proc: it has ended, or this is not Linux");
    }

    private static Path proc(long pid, String name) {
        return Path.of("/proc", String.valueOf(pid), name);
    }
}
