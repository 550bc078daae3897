package org.millrace.perf.fault;

import java.io.IOException;

/** What becomes of the bytes that want to pass a {@link Wire}. Called by the wire's thread alone. */
@FunctionalInterface
public interface WireFault {
    /**
     * Lets bytes pass, or not, or others in their place.
     *
     * @param bytes whole replies on a wire of replies, any piece of the stream on one of requests
     * @return false if these bytes are to be asked about again, since the wire's fault has changed
     */
    boolean pass(Wire wire, byte[] bytes, int from, int to) throws IOException;
}
