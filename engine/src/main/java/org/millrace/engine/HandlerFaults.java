package org.millrace.engine;

import org.agrona.ErrorHandler;
import org.millrace.engine.ring.StageFaults;

/**
 * Hands exceptions of a transport's handlers to the half of the lane that counts them. The half is made after its
 * transport, so it is set later, before the lane's thread starts. Transport's thread.
 */
final class HandlerFaults implements ErrorHandler {
    private StageFaults half;

    void half(StageFaults faults) {
        half = faults;
    }

    @Override
    public void onError(Throwable error) {
        half.onFault("handler", error instanceof RuntimeException fault ? fault : new IllegalStateException(error));
    }
}
