package org.millrace.engine.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.millrace.conf.ConfigException;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.Millrace;
import org.millrace.engine.control.EventLog;

/**
 * Goes over to what the configuration file says now, and tells what came of it: in the log, and beside the pid file
 * for {@code millrace reload}. One at a time; whoever asks meanwhile gets one more, which reads the file after that.
 */
final class FileReload {
    private final String file;
    private final Supplier<MillraceConfig> source;
    private final EventLog log;
    private final Supplier<Millrace> serving;
    private final AtomicBoolean waiting = new AtomicBoolean();

    /**
     * Of a process that may not serve yet.
     *
     * @param file    its name
     * @param source  what it says
     * @param serving what serves, null before that
     */
    FileReload(String file, Supplier<MillraceConfig> source, EventLog log, Supplier<Millrace> serving) {
        this.file = file;
        this.source = source;
        this.log = log;
        this.serving = serving;
    }

    /**
     * Reads it. Any thread; may wait for long.
     *
     * @param pidFile beside which the result is put; null for nowhere
     */
    void run(PidFile pidFile) {
        if (!waiting.getAndSet(true)) {
            synchronized (this) {
                waiting.set(false);
                reload(pidFile);
            }
        }
    }

    private void reload(PidFile pidFile) {
        Instant began = Instant.now();
        try {
            Millrace millrace = serving.get();
            if (millrace == null) {
                throw new IOException("it does not serve yet");
            }
            List<String> changes = millrace.reload(source);
            log.always("reloaded " + file + (changes.isEmpty() ? ": nothing has changed" : ""));
            changes.forEach(log::always);
            keep(pidFile, began, true, changes);
        } catch (ConfigException | IllegalArgumentException | IOException e) {
            log.warn("not reloaded, nothing has changed: " + file);
            String why = String.valueOf(e.getMessage());
            why.lines().forEach(log::warn);
            keep(pidFile, began, false, why.lines().toList());
        } catch (RuntimeException e) {
            log.error("not reloaded: " + file, e);
            keep(pidFile, began, false, List.of("internal error: " + e + "; the log tells more"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep(PidFile pidFile, Instant began, boolean good, List<String> lines) {
        if (pidFile != null) {
            try {
                pidFile.keep(began, good, lines);
            } catch (IOException e) {
                log.warn("'millrace reload' cannot be told what came of it: " + e);
            }
        }
    }
}
