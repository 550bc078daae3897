package org.millrace.perf.replay;

/**
 * A reply that differs.
 *
 * @param afterNs      when its request was made, from the beginning of the capture on
 * @param conversation its number in the capture
 * @param command      what was asked
 * @param key          the first one, or empty
 * @param before       the reply that was captured, its beginning
 * @param now          the reply that came instead, its beginning
 */
public record Difference(long afterNs, long conversation, String command, String key, String before, String now) {
}
