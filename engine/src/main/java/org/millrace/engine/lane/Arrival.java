package org.millrace.engine.lane;

import org.millrace.io.AcceptedSocket;

/**
 * A client that comes to a lane by its queue.
 *
 * @param socket    nobody's until it is admitted
 * @param admission makes it a client of the lane; the lane's thread
 */
public record Arrival(AcceptedSocket socket, Runnable admission) implements Runnable {
    @Override
    public void run() {
        admission.run();
    }
}
