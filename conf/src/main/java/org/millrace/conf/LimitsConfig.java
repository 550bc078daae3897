package org.millrace.conf;

/**
 * Every limit of the data path, in one place. Bytes unless the name says otherwise.
 *
 * @param maxMemory           off-heap memory of all lanes together; 0 = half of what the heap leaves of the machine
 * @param maxMessage          longest request or reply
 * @param maxBulk             longest single value (Redis: proto-max-bulk-len)
 * @param maxArguments        most words in a request
 * @param maxReplyDepth       deepest nesting of a reply
 * @param maxInline           longest inline command or header line
 * @param clientFramesPerTurn requests framed for one client in one turn
 * @param gatherTimeoutMs     a client that sends a large value must bring some of it in each such time, or is closed
 * @param streamWindow        bytes of one large reply that wait for a client that does not read, once memory is short
 * @param linkHoldMs          a link is held so long for a client that does not read, then the client is closed
 * @param linkRetryMinMs      first pause before a failed link is opened again
 * @param linkRetryMaxMs      longest such pause
 * @param linkSilenceMs       a link with unanswered requests and no byte received for so long is closed (only if the
 *                            pool has a timeout)
 * @param pool                what holds for a pool that has no limits of its own
 */
public record LimitsConfig(
    long maxMemory,
    long maxMessage,
    long maxBulk,
    int maxArguments,
    int maxReplyDepth,
    int maxInline,
    int clientFramesPerTurn,
    int gatherTimeoutMs,
    int streamWindow,
    int linkHoldMs,
    int linkRetryMinMs,
    int linkRetryMaxMs,
    int linkSilenceMs,
    PoolLimits pool) {

    /** The values that hold when the file names none. */
    public static LimitsConfig defaults() {
        return new LimitsConfig(0, 512L << 20, 512L << 20, 1 << 20, 32, 64 << 10,
            256, 10_000, 1 << 20, 1_000, 10, 1_000, 30_000, PoolLimits.defaults());
    }
}
