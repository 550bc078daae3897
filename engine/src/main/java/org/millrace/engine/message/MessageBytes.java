package org.millrace.engine.message;

import org.agrona.DirectBuffer;

/** All bytes of a message in order, head and bodies, for whoever copies them while they are there. */
public final class MessageBytes {
    private MessageBytes() {
    }

    /** Takes bytes. */
    @FunctionalInterface
    public interface Target {
        /** So many bytes come next, perhaps none. */
        void take(DirectBuffer buffer, int offset, int length);
    }

    /** Tells all bytes, a stretch at a time; an empty message as one stretch of none. */
    public static void tell(Message message, Target target) {
        int from = 0;
        int slice = 0;
        for (int body = 0; body <= message.bodyCount; body++) {
            boolean isBody = body < message.bodyCount;
            int to = isBody ? message.bodyPositions[body] : message.headLength;
            if (to > from || message.length() == 0) {
                target.take(message.head(), from, to - from);
            }
            from = to;
            for (int end = isBody ? message.sliceEnd(body) : message.sliceCount; slice < end; slice++) {
                target.take(message.sliceSegments[slice].buffer(), message.sliceOffsets[slice],
                    message.sliceLengths[slice]);
            }
        }
    }
}
