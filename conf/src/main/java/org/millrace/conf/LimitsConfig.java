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
 * @param clientMaxQueue      requests outstanding of one client before it is no longer read
 * @param clientMaxOutput     unread output of one client before it is no longer read
 * @param clientFramesPerTurn requests framed for one client in one turn
 * @param serverMaxQueue      requests in flight on one link before further ones wait
 * @param serverMaxUnsent     unsent output of one link (its send window)
 * @param linkRetryMinMs      first pause before a failed link is opened again
 * @param linkRetryMaxMs      longest such pause
 * @param linkSilenceMs       a link with unanswered requests and no byte received for so long is closed (only if the
 *                            pool has a timeout)
 */
public record LimitsConfig(
    long maxMemory,
    long maxMessage,
    long maxBulk,
    int maxArguments,
    int maxReplyDepth,
    int maxInline,
    int clientMaxQueue,
    int clientMaxOutput,
    int clientFramesPerTurn,
    int serverMaxQueue,
    int serverMaxUnsent,
    int linkRetryMinMs,
    int linkRetryMaxMs,
    int linkSilenceMs) {

    /** The values that hold when the file names none. */
    public static LimitsConfig defaults() {
        return new LimitsConfig(0, 512L << 20, 512L << 20, 1 << 20, 32, 64 << 10,
            4096, 1 << 20, 256, 16_384, 256 << 10, 10, 1_000, 30_000);
    }
}
