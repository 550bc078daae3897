package org.millrace.perf.replay;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * What is replayed, where and how.
 *
 * @param from           a folder with captures, or a file
 * @param target         server or proxy
 * @param speed          how many times as fast as it was recorded; 0 = as fast as the target answers
 * @param keyOrder       requests about a key go in their order over all connections
 * @param differencesMax how many differences are told one by one
 * @param timeoutNs      a request without an answer for so long has failed
 * @param pipeline       most requests in flight on a connection
 * @param login          what is said first on each connection to a Redis, or null
 */
public record ReplayConfig(Path from, InetSocketAddress target, double speed, boolean keyOrder, int differencesMax,
    long timeoutNs, int pipeline, Login login) {
}
