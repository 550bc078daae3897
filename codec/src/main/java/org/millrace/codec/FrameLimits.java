package org.millrace.codec;

/**
 * Caps of one framer. Passing one is a protocol error.
 *
 * @param messageLength most bytes of one message, bodies included
 * @param bulkLength    most bytes of one value
 * @param arguments     most words of a request, or elements of one array of a reply
 * @param depth         deepest nesting of arrays in a reply
 * @param lineLength    most bytes of a header line or an inline command, its line end included
 * @param bodyThreshold values of at least so many bytes are bodies
 */
public record FrameLimits(long messageLength, long bulkLength, int arguments, int depth, int lineLength,
    int bodyThreshold) {

    private static final int LINE_LENGTH_MIN = 8;

    /** Refuses limits that leave a framer no room. */
    public FrameLimits {
        if (messageLength < 1 || bulkLength < 0 || arguments < 1 || depth < 0 || lineLength < LINE_LENGTH_MIN
            || bodyThreshold < 1) {
            throw new IllegalArgumentException("a limit is too small: messageLength=" + messageLength
                + " bulkLength=" + bulkLength + " arguments=" + arguments + " depth=" + depth
                + " lineLength=" + lineLength + " bodyThreshold=" + bodyThreshold);
        }
    }

    /** Redis's own limits, and the copy threshold of the engine. */
    public static FrameLimits defaults() {
        return new FrameLimits(512L << 20, 512L << 20, 1 << 20, 32, 64 << 10, 16 << 10);
    }
}
