package org.millrace.conf;

/**
 * How much unread output a client may have before it is closed, as {@code client-output-buffer-limit} in redis.conf.
 *
 * @param hardBytes   closed at once when there is more; 0 = never
 * @param softBytes   closed when there is more for {@code softSeconds} without a break; 0 = never
 * @param softSeconds seconds
 */
public record OutputLimit(long hardBytes, long softBytes, int softSeconds) {
    /** Nobody is closed for what he does not read. */
    public static final OutputLimit NONE = new OutputLimit(0, 0, 0);
}
