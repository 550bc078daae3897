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

    /** Redis's own limits, and the copy threshold of the engine. */
    public static FrameLimits defaults() {
        return new FrameLimits(512L << 20, 512L << 20, 1 << 20, 32, 64 << 10, 16 << 10);
    }
}
