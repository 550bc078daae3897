package org.millrace.engine.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * Another process, by its number. It may be hidden from this one although it belongs to the same user, as where a
 * supervisor puts each of its commands into namespaces of its own: then only a signal tells whether it is there.
 */
record OtherProcess(long pid) {
    /** True if it runs, and is not another user's if it is hidden. */
    boolean isAlive() throws IOException {
        return isVisible() || signal("0");
    }

    /** True if the system tells of it. */
    boolean isVisible() {
        return handle().map(ProcessHandle::isAlive).orElse(false);
    }

    /** When it began; not known if it is hidden. */
    Optional<Instant> started() {
        return handle().flatMap(process -> process.info().startInstant());
    }

    private Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid);
    }

    /**
     * Sends a signal.
     *
     * @param name without SIG; 0 sends none, and says whether one could be sent
     * @return false if it is not there, or belongs to another user
     */
    boolean signal(String name) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            return kill.waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while process " + pid + " was sent SIG" + name, e);
        }
    }
}
