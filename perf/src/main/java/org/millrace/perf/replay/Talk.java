package org.millrace.perf.replay;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import org.millrace.perf.client.FramedSocket;
import org.millrace.perf.client.ReplyHandler;

/** A conversation that was captured, and the connection on which it is held again. */
final class Talk implements ReplyHandler {
    final long number;
    final boolean memcached;
    /** In their order; those at the end may not be known yet. */
    final ArrayDeque<Recorded> waiting = new ArrayDeque<>();
    final ArrayDeque<Recorded> inFlight = new ArrayDeque<>();
    /** While it is being read: requests without a reply so far, and the pieces of what is not whole. */
    final ArrayDeque<Recorded> unanswered = new ArrayDeque<>();
    final ByteArrayOutputStream request = new ByteArrayOutputStream(0);
    final ByteArrayOutputStream reply = new ByteArrayOutputStream(0);
    /** No further request will be read. */
    boolean ended;
    /** In the list of those to look at, or of those whose time comes. */
    boolean listed;
    boolean timed;
    int failedConnects;
    /** When the login was sent to which there is no answer yet; 0 = there is none. */
    long loginNs;
    FramedSocket socket;
    private final Replay replay;

    Talk(long number, boolean memcached, Replay replay) {
        this.number = number;
        this.memcached = memcached;
        this.replay = replay;
    }

    /** Nothing is left to do. */
    boolean isOver() {
        return ended && waiting.isEmpty() && inFlight.isEmpty();
    }

    @Override
    public void onConnected() {
        replay.onConnected(this);
    }

    @Override
    public void onReply(byte[] b, int from, int to, long nowNs) {
        replay.onReply(this, b, from, to, nowNs);
    }

    @Override
    public void onBatchEnd(long nowNs) {
        replay.look(this);
    }

    @Override
    public void onClosed(String why) {
        replay.onClosed(this, why);
    }
}
