package org.millrace.engine.lane;

import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.millrace.io.Transport;

/**
 * The only way into a lane from outside: a bounded queue of things to do, run by the client half's thread at the
 * beginning of a turn.
 */
public final class LaneCommands {
    private static final int CAPACITY = 4096;
    private static final int PER_TURN = 64;

    private final ManyToOneConcurrentArrayQueue<Runnable> queue = new ManyToOneConcurrentArrayQueue<>(CAPACITY);
    private final Transport transport;

    /** A queue that wakes the client half by its transport. */
    public LaneCommands(Transport transport) {
        this.transport = transport;
    }

    /** Offers a command and wakes the lane; false if the queue is full. Any thread. */
    public boolean offer(Runnable command) {
        boolean taken = queue.offer(command);
        transport.wakeUp();
        return taken;
    }

    /** Runs what is there, at most a turn's share. The lane's thread. */
    int run() {
        int count = 0;
        while (count < PER_TURN) {
            Runnable command = queue.poll();
            if (command == null) {
                break;
            }
            command.run();
            count++;
        }
        return count;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }
}
