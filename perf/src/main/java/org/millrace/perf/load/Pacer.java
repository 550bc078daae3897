package org.millrace.perf.load;

import java.util.concurrent.locks.LockSupport;
import org.millrace.perf.client.SocketLoop;

/**
 * Wakes a worker when its next request is due. A selector counts its wait in milliseconds, which is far too coarse;
 * with a thread that parks until the due time the worker itself can wait in the selector and sees replies at once.
 */
public final class Pacer implements Runnable {
    private final Schedule schedule;
    private final SocketLoop loop;
    private volatile boolean stopped;

    /** A pacer of this loop; the thread that runs it is its own. */
    public Pacer(Schedule schedule, SocketLoop loop) {
        this.schedule = schedule;
        this.loop = loop;
    }

    @Override
    public void run() {
        long n = 0;
        while (!stopped) {
            long waitNs = schedule.dueNs(n) - System.nanoTime();
            if (waitNs > 0) {
                LockSupport.parkNanos(waitNs);
                continue;
            }
            loop.wakeup();
            long nowNs = System.nanoTime();
            while (schedule.dueNs(n) <= nowNs) {
                n++;
            }
        }
    }

    /** Ends it, soon. */
    public void stop() {
        stopped = true;
    }
}
