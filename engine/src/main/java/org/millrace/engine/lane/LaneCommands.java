package org.millrace.engine.lane;

import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.millrace.engine.ring.StageFaults;
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
    private StageFaults faults;

    /** A queue that wakes the client half by its transport. */
    public LaneCommands(Transport transport) {
        this.transport = transport;
    }

    /** The lane that runs the commands; before its first turn. */
    void serve(StageFaults laneFaults) {
        faults = laneFaults;
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
            try {
                command.run();
            } catch (RuntimeException e) {
                faults.onFault("lane command", e);
            }
            count++;
        }
        return count;
    }

    /** Hangs up on clients that have come and are not admitted; when the lane's thread has ended. */
    public void close() {
        for (Runnable command = queue.poll(); command != null; command = queue.poll()) {
            if (command instanceof Arrival arrival) {
                arrival.socket().close();
            }
        }
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }
}
