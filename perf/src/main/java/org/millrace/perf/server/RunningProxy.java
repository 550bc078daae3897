package org.millrace.perf.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** A proxy that serves; closing it ends it. */
public interface RunningProxy extends AutoCloseable {
    /** What to call it in a report. */
    String name();

    /** Where clients connect. */
    InetSocketAddress address();

    /** Its process. */
    long pid();

    /** Whether the process is there. */
    boolean isAlive();

    /** Whether it is a JVM, so that jcmd understands it. */
    boolean isJava();

    /** The log of its garbage collector, or null when there is none. */
    Path gcLog();

    /** The last lines that it printed. */
    String lastLines();

    @Override
    void close() throws IOException;
}
