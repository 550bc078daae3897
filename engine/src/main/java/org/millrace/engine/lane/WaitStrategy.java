package org.millrace.engine.lane;

import java.util.concurrent.locks.LockSupport;

/** What a lane's thread does when a turn found nothing to do. */
public enum WaitStrategy {
    /** Waits in the system for I/O: costs nothing while idle. */
    BLOCKING {
        @Override
        void idle() {
            // the next turn waits in its poll
        }
    },
    /** Sleeps some tens of microseconds between polls. */
    SLEEPING {
        @Override
        void idle() {
            LockSupport.parkNanos(SLEEP_NS);
        }
    },
    /** Gives the processor to whoever else wants it, then polls again. */
    YIELDING {
        @Override
        void idle() {
            Thread.yield();
        }
    },
    /** Polls all the time: a core for each thread. */
    BUSY_SPIN {
        @Override
        void idle() {
            Thread.onSpinWait();
        }
    };

    private static final long SLEEP_NS = 50_000;

    /** By its name in the configuration. */
    public static WaitStrategy of(String name) {
        return valueOf(name.toUpperCase(java.util.Locale.ROOT));
    }

    /** True if a thread that has nothing to do uses a processor all the same. */
    boolean spins() {
        return this == YIELDING || this == BUSY_SPIN;
    }

    /** Called after a turn without work. */
    abstract void idle();
}
