package org.millrace.perf.demo;

import java.nio.file.Path;

/**
 * What a demo does.
 *
 * @param durationNs    how long, 0 = until it is stopped
 * @param lanes         lanes of the proxy, 0 = the engine's choice
 * @param port          where the proxy listens
 * @param statsPort     where its statistics are, 0 = nowhere
 * @param adminPort     where its dashboard is, 0 = nowhere
 * @param ratePerSecond load over all connections
 * @param redisServer   the server program, null = the one that is found
 */
public record DemoOptions(long durationNs, int lanes, int port, int statsPort, int adminPort, double ratePerSecond,
    Path redisServer) {
}
