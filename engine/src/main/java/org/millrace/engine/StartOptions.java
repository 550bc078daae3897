package org.millrace.engine;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;

/**
 * What the command line adds to the configuration.
 *
 * @param statsAddress where the stats port listens
 * @param statsPort    its number, 0 = no stats port, negative = any free one ({@link Millrace#statsPort()} tells)
 * @param log          where the event log goes
 */
public record StartOptions(String statsAddress, int statsPort, OutputStream log) {
    /** Logging to standard error. */
    public StartOptions(String statsAddress, int statsPort) {
        this(statsAddress, statsPort, standardError());
    }

    /** Unbuffered, and not silent about what could not be written. */
    public static OutputStream standardError() {
        return new FileOutputStream(FileDescriptor.err);
    }
}
