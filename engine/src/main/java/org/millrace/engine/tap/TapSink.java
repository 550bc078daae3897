package org.millrace.engine.tap;

import java.io.IOException;
import org.agrona.DirectBuffer;

/** Where records go. Called by the {@link TapPump}'s thread alone. */
public interface TapSink {
    /**
     * A record; the bytes are good during the call only.
     *
     * @param type         of {@link TapRecord}
     * @param flags        of {@link TapRecord}
     * @param timeNs       of the turn in which it happened
     * @param conversation unique in this capture
     * @throws IOException if it cannot be kept: the capture ends, and the message tells why
     */
    void record(int type, int flags, long timeNs, long conversation, DirectBuffer buffer, int offset, int length)
        throws IOException;

    /**
     * There was nothing to do, or much: time to look after files.
     *
     * @throws IOException if that cannot be done: the capture ends
     */
    void look(long nowNs) throws IOException;

    /**
     * No further record comes.
     *
     * @return what was captured, for the log
     */
    String close();
}
