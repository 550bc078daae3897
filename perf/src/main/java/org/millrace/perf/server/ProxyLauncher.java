package org.millrace.perf.server;

import java.io.IOException;
import java.util.List;

/** Starts a proxy; the tools that put proxies under pressure do not know how. */
@FunctionalInterface
public interface ProxyLauncher {
    /**
     * Starts it and waits until it answers.
     *
     * @param servers ports of 127.0.0.1
     * @throws IOException if it does not answer in time; the message holds its last words
     */
    RunningProxy start(ProxyYaml yaml, List<Integer> servers) throws IOException;
}
