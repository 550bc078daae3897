package org.millrace.engine.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The file that tells our process number: decimal, without a line end, as twemproxy writes it. One whose process lives
 * is left alone, unless that is to be replaced; one whose process is gone is taken over, also if its number has gone to
 * a younger process since.
 */
final class PidFile {
    /** What clocks and file systems may be wrong by when a process's start is compared with its file's time. */
    private static final Duration SLACK = Duration.ofSeconds(2);
    private static final int LENGTH_MAX = 32;

    private final Path path;
    private final long pid = ProcessHandle.current().pid();
    private final boolean replace;
    private long predecessor;

    PidFile(String path) {
        this(path, false);
    }

    /**
     * A file that is not looked at yet.
     *
     * @param replace whether we may take over from a living process
     */
    PidFile(String path, boolean replace) {
        this.path = Path.of(path);
        this.replace = replace;
    }

    /** The living process that we take over from, once the file was looked at; 0 for none. */
    long predecessor() {
        return predecessor;
    }

    /**
     * Tells that process that we serve: it stops.
     *
     * @throws IOException if it cannot be told
     */
    void endPredecessor() throws IOException {
        OtherProcess process = new OtherProcess(predecessor);
        if (predecessor != 0 && !process.signal("TERM") && process.isAlive()) {
            throw new IOException("process " + predecessor + ", which is to be replaced, cannot be sent SIGTERM:"
                + " it belongs to another user");
        }
    }

    /**
     * Looks whether somebody else has it, before anything is begun.
     *
     * @throws IOException if so, or if it is not a pid file; the message says what to do
     */
    void check() throws IOException {
        if (Files.exists(path)) {
            String text;
            try {
                text = Files.size(path) > LENGTH_MAX ? "something else" : Files.readString(path).strip();
            } catch (IOException e) {
                throw new IOException("cannot read the pid file " + path + ": " + e, e);
            }
            check(text);
        }
    }

    private void check(String text) throws IOException {
        if (text.isEmpty()) {
            return;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new IOException(path
                + " is not a pid file: it holds no number; remove it, or choose another with -p");
        }
        if (isAlive(Long.parseLong(text))) {
            if (replace && (predecessor == 0 || predecessor == Long.parseLong(text))) {
                predecessor = Long.parseLong(text);
                return;
            }
            throw new IOException("process " + text + " is running, as the pid file " + path
                + " says; stop it first, take over from it with -r, or choose another file with -p");
        }
    }

    /**
     * The process that it names.
     *
     * @throws IOException if there is none; the message says why
     */
    long living() throws IOException {
        String text;
        try {
            text = Files.size(path) > LENGTH_MAX ? "something else" : Files.readString(path).strip();
        } catch (IOException e) {
            throw new IOException("cannot read the pid file " + path + ": " + e, e);
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new IOException(path + " is not a pid file: it holds no number");
        }
        long named = Long.parseLong(text);
        if (!isAlive(named)) {
            throw new IOException("process " + named + ", which the pid file " + path + " names, does not run");
        }
        return named;
    }

    private boolean isAlive(long other) throws IOException {
        OtherProcess process = new OtherProcess(other);
        if (other == pid || !process.isAlive()) {
            return false;
        }
        Instant written = Files.getLastModifiedTime(path).toInstant();
        return process.started().map(started -> started.isBefore(written.plus(SLACK))).orElse(true);
    }

    /**
     * Writes it; once the process serves.
     *
     * @throws IOException if it cannot, or if somebody else was faster
     */
    void write() throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
            StandardOpenOption.WRITE); FileLock lock = file.lock()) {
            ByteBuffer found = ByteBuffer.allocate(LENGTH_MAX);
            file.read(found);
            check(new String(found.array(), 0, found.position(), StandardCharsets.US_ASCII).strip());
            file.truncate(0);
            file.write(ByteBuffer.wrap(Long.toString(pid).getBytes(StandardCharsets.US_ASCII)), 0);
            assert lock.isValid();
        } catch (java.nio.file.FileSystemException e) {
            throw new IOException("cannot write the pid file " + path + ": " + e, e);
        }
    }

    /** Removes it if it is still ours, and what lies beside it; at the end. */
    void remove() throws IOException {
        if (isOurs()) {
            Files.deleteIfExists(ReloadResult.beside(path));
            Files.delete(path);
        }
    }

    /** Puts beside it what came of our last reload, if it is still ours. */
    void keep(Instant began, boolean good, List<String> lines) throws IOException {
        if (isOurs()) {
            new ReloadResult(pid, began, good, lines).write(ReloadResult.beside(path));
        }
    }

    private boolean isOurs() throws IOException {
        return Files.exists(path) && Files.readString(path).equals(Long.toString(pid));
    }
}
