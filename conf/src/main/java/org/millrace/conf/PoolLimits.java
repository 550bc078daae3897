package org.millrace.conf;

/**
 * The limits that a pool can have of its own. Bytes unless the name says otherwise.
 *
 * @param clientMaxQueue    requests outstanding of one client before it is no longer read
 * @param clientMaxBytes    memory held for one client before it is no longer read
 * @param clientMaxOutput   unread output of one client before it is no longer read
 * @param clientMaxExpected replies that one client may have coming, as estimated from those it got, before it is no
 *                          longer read
 * @param clientOutputLimit unread output at which a client is closed
 * @param poolMaxBytes      memory held for all clients of the pool before those that hold most are no longer read; 0 =
 *                          no limit but {@link LimitsConfig#maxMemory}
 * @param serverMaxQueue    requests in flight on one link before further ones wait
 * @param serverMaxUnsent   unsent output of one link (its send window) before further requests wait
 * @param queueTimeoutMs    longest time that a request waits for its link; 0 = as long as its timeout lets it
 */
public record PoolLimits(
    int clientMaxQueue,
    long clientMaxBytes,
    int clientMaxOutput,
    long clientMaxExpected,
    OutputLimit clientOutputLimit,
    long poolMaxBytes,
    int serverMaxQueue,
    int serverMaxUnsent,
    int queueTimeoutMs) {

    /** The values that hold when the file names none. */
    public static PoolLimits defaults() {
        return new PoolLimits(4096, 512L << 20, 1 << 20, 16L << 20, OutputLimit.NONE, 0, 16_384, 256 << 10, 0);
    }
}
