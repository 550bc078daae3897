package org.millrace.engine.lane;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.ThreadFactory;

/** Runs a turn over and over until it is stopped. */
public final class LaneThread implements Runnable {
    private static final long STOP_MS = 2_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Turn turn;
    private final WaitStrategy strategy;
    private final Runnable wakeUp;
    private final java.util.function.Consumer<Throwable> onBroken;
    private final Thread thread;
    private volatile boolean running = true;
    private volatile long turns;
    /** Time of turns that found something to do; only where the thread spins, and CPU time says nothing. */
    private volatile long workedNs;

    /**
     * A thread that is not started yet.
     *
     * @param wakeUp   ends the turn's wait
     * @param onBroken told of an error that no stage has caught: a broken invariant, after which the process must end
     */
    public LaneThread(String name, Turn turn, WaitStrategy strategy, Runnable wakeUp,
        java.util.function.Consumer<Throwable> onBroken) {
        this.turn = turn;
        this.strategy = strategy;
        this.wakeUp = wakeUp;
        this.onBroken = onBroken;
        ThreadFactory factory = Thread.ofPlatform().name(name).factory();
        thread = factory.newThread(this);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void run() {
        boolean mayWait = strategy == WaitStrategy.BLOCKING;
        try {
            if (strategy.spins()) {
                spin();
            }
            while (running) {
                if (turn.run(mayWait) == 0) {
                    strategy.idle();
                }
                turns++;
            }
        } catch (Throwable broken) {
            onBroken.accept(broken);
        }
    }

    private void spin() {
        long beginNs = System.nanoTime();
        while (running) {
            int work = turn.run(false);
            long endNs = System.nanoTime();
            if (work == 0) {
                strategy.idle();
            } else {
                workedNs += endNs - beginNs;
            }
            beginNs = endNs;
            turns++;
        }
    }

    /**
     * Nanoseconds that the thread has been at work so far: its CPU time, or where it spins the time of the turns in
     * which it had something to do. Any thread.
     */
    public long busyNs() {
        return strategy.spins() ? workedNs : THREADS.getThreadCpuTime(thread.threadId());
    }

    /** Turns run so far: a value that does not change is a lane that hangs. Any thread. */
    public long turns() {
        return turns;
    }

    public Thread thread() {
        return thread;
    }

    /** Ends the thread after its present turn and waits for it, but not for ever: a lane may hang. */
    public void stop() throws InterruptedException {
        running = false;
        wakeUp.run();
        thread.join(STOP_MS);
    }
}
