package org.millrace.io.uring;

import org.agrona.BitUtil;
import org.agrona.ErrorHandler;

/**
 * Sizes of a {@link UringTransport}, and who hears of its handlers' exceptions.
 *
 * @param ringEntries        requests that are handed to the kernel at once, a power of two
 * @param receiveSegmentBytes segment of a receive buffer; smaller in a small arena
 * @param clientBuffers      most receive buffers that adopted connections share; fewer in a small arena
 * @param linkBuffers        the same for connected ones
 * @param keptBuffers        receive buffers of either kind that stay however little goes on, as far as there may be so
 *                           many: a load that is known is not to grow them first
 * @param gatherSegmentBytes first segment of a connection that gathers
 * @param maxGatherBytes     largest segment that it grows to while a value goes on
 * @param errorHandler       called on the transport's thread
 */
public record UringSettings(int ringEntries, int receiveSegmentBytes, int clientBuffers, int linkBuffers,
    int keptBuffers, int gatherSegmentBytes, int maxGatherBytes, ErrorHandler errorHandler) {
    private static final int RING_ENTRIES = 512;
    private static final int RECEIVE_BYTES = 32 << 10;
    private static final int BUFFERS = 64;
    private static final int KEPT_BUFFERS = 1;
    private static final int GATHER_BYTES = 64 << 10;
    private static final int MAX_GATHER_BYTES = 1 << 20;
    private static final int MAX_BUFFERS = 1 << 15;

    /** Refuses what cannot work. */
    public UringSettings {
        if (!BitUtil.isPowerOfTwo(ringEntries)) {
            throw new IllegalArgumentException("ringEntries: " + ringEntries + " is no power of two");
        }
        if (!isCount(clientBuffers) || !isCount(linkBuffers) || !isCount(keptBuffers)) {
            throw new IllegalArgumentException("buffers: " + clientBuffers + ", " + linkBuffers + ", " + keptBuffers
                + " are not 1 to " + MAX_BUFFERS);
        }
    }

    private static boolean isCount(int buffers) {
        return buffers >= 1 && buffers <= MAX_BUFFERS;
    }

    /** 64 buffers of 32 KiB for clients and as many for links; exceptions are counted and not shown. */
    public static UringSettings defaults() {
        return new UringSettings(RING_ENTRIES, RECEIVE_BYTES, BUFFERS, BUFFERS, KEPT_BUFFERS, GATHER_BYTES,
            MAX_GATHER_BYTES, UringSettings::ignore);
    }

    /** The same with an error handler. */
    public UringSettings withErrorHandler(ErrorHandler handler) {
        return new UringSettings(ringEntries, receiveSegmentBytes, clientBuffers, linkBuffers, keptBuffers,
            gatherSegmentBytes, maxGatherBytes, handler);
    }

    /** The same with other numbers of receive buffers. */
    public UringSettings withBuffers(int clients, int links) {
        return new UringSettings(ringEntries, receiveSegmentBytes, clients, links, keptBuffers, gatherSegmentBytes,
            maxGatherBytes, errorHandler);
    }

    /** The same with receive buffers that stay. */
    public UringSettings withKeptBuffers(int count) {
        return new UringSettings(ringEntries, receiveSegmentBytes, clientBuffers, linkBuffers, count,
            gatherSegmentBytes, maxGatherBytes, errorHandler);
    }

    private static void ignore(Throwable error) {
    }
}
