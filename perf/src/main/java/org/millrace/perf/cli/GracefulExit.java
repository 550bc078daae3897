package org.millrace.perf.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into an orderly end: the running command is asked to stop, prints its summary and decides
 * the exit code. Without it the JVM would answer the signal with code 130 in the middle of a line.
 */
final class GracefulExit {
    private static final long LIMIT_S = 30;

    private final CountDownLatch done = new CountDownLatch(1);
    private volatile Runnable stop = () -> { };
    private volatile int code;

    /** Installs the hook; once for each process. */
    GracefulExit install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::onShutdown, "stop"));
        return this;
    }

    /** What to do when the user wants the end; must return soon. */
    void onStop(Runnable action) {
        stop = action;
    }

    /** The command ends the process by itself, perhaps from within: the hook is to stay out of it. */
    void disarm() {
        done.countDown();
    }

    /** The command has ended with this code; does not return. */
    void exit(int exitCode) {
        code = exitCode;
        done.countDown();
        System.exit(exitCode);
    }

    private void onShutdown() {
        if (done.getCount() == 0) {
            return;
        }
        stop.run();
        try {
            if (done.await(LIMIT_S, TimeUnit.SECONDS)) {
                System.out.flush();
                // Inside a hook this is the only way to say with which code the process ends.
                Runtime.getRuntime().halt(code);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
