package org.millrace.engine;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import org.millrace.engine.control.EventLog;

/**
 * What the command line adds to the configuration.
 *
 * @param statsAddress where the stats port listens: a host, or the path of a unix socket
 * @param statsPort    its number, 0 = no stats port, negative = any free one ({@link Millrace#statsPort()} tells)
 * @param log          the event log
 */
public record StartOptions(String statsAddress, int statsPort, EventLog log) {
    /** Logging to standard error. */
    public StartOptions(String statsAddress, int statsPort) {
        this(statsAddress, statsPort, standardError());
    }

    /** Logging to this stream, which does not buffer. */
    public StartOptions(String statsAddress, int statsPort, OutputStream log) {
        this(statsAddress, statsPort, new EventLog(log));
    }

    /** Unbuffered, and not silent about what could not be written. */
    public static OutputStream standardError() {
        return new FileOutputStream(FileDescriptor.err);
    }
}
