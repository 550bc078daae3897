package org.millrace.io.nio;

import org.agrona.ErrorHandler;

/**
 * Sizes of a {@link NioTransport}, and who hears of its handlers' exceptions.
 *
 * @param receiveSegmentBytes segment that the connections of a turn share
 * @param minReceiveBytes     least room to read into; also the segment that will do when memory is short
 * @param gatherSegmentBytes  segment of a connection that gathers
 * @param errorHandler        called on the transport's thread
 */
public record NioSettings(
    int receiveSegmentBytes, int minReceiveBytes, int gatherSegmentBytes, ErrorHandler errorHandler) {
    /** 64 KiB segments, of which at least 16 KiB are free to read into; exceptions are counted and not shown. */
    public static NioSettings defaults() {
        return new NioSettings(64 << 10, 16 << 10, 64 << 10, NioSettings::ignore);
    }

    /** The same with an error handler. */
    public NioSettings withErrorHandler(ErrorHandler handler) {
        return new NioSettings(receiveSegmentBytes, minReceiveBytes, gatherSegmentBytes, handler);
    }

    private static void ignore(Throwable error) {
    }
}
