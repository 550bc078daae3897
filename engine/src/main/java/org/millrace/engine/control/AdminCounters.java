package org.millrace.engine.control;

import java.util.concurrent.atomic.AtomicLong;

/** What is counted at the admin port. Any thread. */
public final class AdminCounters {
    private final AtomicLong subscribers = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong turnedAway = new AtomicLong();

    /**
     * One more wants to be told each second; {@link #leave} when he has enough.
     *
     * @return false if there are so many already
     */
    public boolean enter(int most) {
        boolean entered = subscribers.getAndUpdate(now -> now < most ? now + 1 : now) < most;
        if (!entered) {
            turnedAway.incrementAndGet();
        }
        return entered;
    }

    /** One of those who entered leaves. */
    public void leave() {
        subscribers.decrementAndGet();
    }

    /** A reader was closed because he took too long to take what he had asked for. */
    public void countDropped() {
        dropped.incrementAndGet();
    }

    /** A request did not say the token, or came under a name that this machine does not have. */
    public void countRefused() {
        refused.incrementAndGet();
    }

    /** Those who are told each second. */
    public long subscribers() {
        return subscribers.get();
    }

    /** Readers that were closed for being slow. */
    public long dropped() {
        return dropped.get();
    }

    /** Requests that were refused. */
    public long refused() {
        return refused.get();
    }

    /** Subscribers for whom there was no room. */
    public long turnedAway() {
        return turnedAway.get();
    }
}
