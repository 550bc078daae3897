package org.millrace.io.uring;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who may write to an eventfd, and that it is closed when nobody does. Low bits: a signal is under way, the descriptor
 * is about to be closed; above them the count of threads that are writing, of which there can be several when the
 * first signal is read before its writer has noticed that it is done.
 */
final class SignalState {
    private static final int SIGNALLED = 1;
    private static final int CLOSED = 2;
    private static final int WRITER = 4;

    private final AtomicInteger state = new AtomicInteger();

    /** Any thread. Returns true if the caller is to write, and then to call {@link #written}. */
    boolean startWriting() {
        while (true) {
            int seen = state.get();
            if ((seen & (SIGNALLED | CLOSED)) != 0) {
                return false;
            }
            if (state.compareAndSet(seen, seen + SIGNALLED + WRITER)) {
                return true;
            }
        }
    }

    void written() {
        state.addAndGet(-WRITER);
    }

    /** The signal has arrived: whoever signals from now on writes again. */
    void arrived() {
        while (true) {
            int seen = state.get();
            if (state.compareAndSet(seen, seen & ~SIGNALLED)) {
                return;
            }
        }
    }

    /** Returns false while a thread writes; if true nobody ever will again. */
    boolean tryClose() {
        int seen = state.get();
        return seen < WRITER && state.compareAndSet(seen, CLOSED);
    }
}
