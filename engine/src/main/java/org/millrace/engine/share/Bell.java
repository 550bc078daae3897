package org.millrace.engine.share;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tells the thread of a lane's server half that others have something for it. Each {@link Caller} stands in its list at
 * most once, so that ringing needs no memory and the list no limit of its own. The thread is woken only where it waits.
 */
public final class Bell {
    /** One who rings, with a place in the list. */
    public abstract static class Caller {
        private final AtomicBoolean rung = new AtomicBoolean();
        private Caller next;

        /** He has rung; called by the thread that the bell belongs to. */
        abstract void onRung();
    }

    private final AtomicReference<Caller> callers = new AtomicReference<>();
    private final Runnable wakeUp;
    /** The thread waits or is about to; true at first, when nobody knows whether it does. */
    private volatile boolean armed = true;
    private boolean used;

    /** A bell that wakes its thread in this way. */
    Bell(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /** What was written before is seen by the thread that answers. Any thread. */
    void ring(Caller caller) {
        if (!caller.rung.compareAndSet(false, true)) {
            return;
        }
        Caller head = callers.get();
        caller.next = head;
        while (!callers.compareAndSet(head, caller)) {
            head = callers.get();
            caller.next = head;
        }
        if (armed) {
            armed = false;
            wakeUp.run();
        }
    }

    boolean isRung() {
        return callers.get() != null;
    }

    /** The thread is about to wait; it must ask once more whether somebody has rung. */
    void arm() {
        if (used && !armed) {
            armed = true;
        }
    }

    /**
     * Takes all who have rung, each of whom may ring again from when {@link #next} has passed him; null if there is
     * nobody.
     */
    Caller take() {
        if (used && armed) {
            armed = false;
        }
        if (callers.get() == null) {
            return null;
        }
        used = true;
        return callers.getAndSet(null);
    }

    /** Takes a caller off the list that {@link #take} gave; returns who is behind him. */
    static Caller next(Caller caller) {
        Caller next = caller.next;
        caller.next = null;
        caller.rung.set(false);
        return next;
    }
}
