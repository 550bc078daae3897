package org.millrace.perf.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends child processes when this JVM is gone, even after SIGKILL: a tiny shell reads the children's ids from a pipe
 * that only this JVM holds; when the pipe ends it kills those that are left. Where there is no shell, only orderly ends
 * clean up.
 */
final class ChildWatchdog {
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final String SCRIPT = """
        trap '' INT
        pids=
        while read -r op pid; do
          if [ "$op" = + ]; then pids="$pids $pid"; continue; fi
          left=
          for p in $pids; do [ "$p" = "$pid" ] || left="$left $p"; done
          pids=$left
        done
        [ -z "$pids" ] || kill -9 $pids
        """;

    private static OutputStream pipe;
    private static boolean unavailable;

    private ChildWatchdog() {
    }

    /**
     * Prefixes a command so that its process has a session of its own where that is possible: Ctrl-C in a terminal then
     * reaches this JVM alone, and the JVM decides in which order things stop.
     */
    static List<String> ownSession(List<String> command) {
        if (!Files.isExecutable(SETSID)) {
            return command;
        }
        List<String> prefixed = new ArrayList<>();
        prefixed.add(SETSID.toString());
        prefixed.addAll(command);
        return prefixed;
    }

    /** From now on the process ends with this JVM. */
    static void watch(long pid) {
        tell("+ " + pid + '\n');
    }

    /** The process was stopped; its id may soon be another's. */
    static void forget(long pid) {
        tell("- " + pid + '\n');
    }

    private static synchronized void tell(String line) {
        try {
            if (pipe == null && !unavailable) {
                pipe = new ProcessBuilder(ownSession(List.of("sh", "-c", SCRIPT)))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start().getOutputStream();
            }
            if (pipe != null) {
                pipe.write(line.getBytes(StandardCharsets.US_ASCII));
                pipe.flush();
            }
        } catch (IOException e) {
            unavailable = true;
            pipe = null;
        }
    }
}
