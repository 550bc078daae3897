package org.millrace.perf.pressure;

import java.io.IOException;

/** Stops and continues processes. */
final class Signals {
    private Signals() {
    }

    /** The process does nothing any more; its sockets stay open. */
    static void stop(long pid) throws IOException {
        send("-STOP", pid);
    }

    /** It goes on. */
    static void resume(long pid) throws IOException {
        send("-CONT", pid);
    }

    private static void send(String signal, long pid) throws IOException {
        try {
            if (new ProcessBuilder("kill", signal, String.valueOf(pid)).inheritIO().start().waitFor() != 0) {
                throw new IOException("kill " + signal + ' ' + pid + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
