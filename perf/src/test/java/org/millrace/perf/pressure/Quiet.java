package org.millrace.perf.pressure;

import java.io.OutputStream;
import java.io.PrintStream;

/** A stream for progress that nobody reads. */
final class Quiet {
    private Quiet() {
    }

    static PrintStream stream() {
        return new PrintStream(OutputStream.nullOutputStream());
    }
}
