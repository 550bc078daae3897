package org.millrace.engine;

import java.io.PrintStream;

/**
 * What the command line adds to the configuration.
 *
 * @param statsAddress where the stats port listens
 * @param statsPort    its number, 0 = no stats port, negative = any free one ({@link Millrace#statsPort()} tells)
 * @param log          where the event log goes
 */
public record StartOptions(String statsAddress, int statsPort, PrintStream log) {
    /** Logging to standard error. */
    public StartOptions(String statsAddress, int statsPort) {
        this(statsAddress, statsPort, System.err);
    }
}
