package org.millrace.perf.fault;

import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.millrace.perf.client.RespReplyFramer;

/**
 * One direction of a {@link FaultConnection}: a thread that reads on one side and writes on the other what its fault
 * lets pass. A wire of replies hands on whole replies only, so that faults can strike at a reply.
 */
public final class Wire {
    private static final int INITIAL = 64 * 1024;

    private final FaultConnection connection;
    private final Socket source;
    private final Socket target;
    private final RespReplyFramer framer;
    private final AtomicLong struck;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private WireFault fault;
    private boolean halfClosed;
    /** There is a gap in what was passed on. */
    private boolean lost;
    private byte[] buffer = new byte[INITIAL];
    private int end;

    /**
     * A wire that is not running yet.
     *
     * @param target where to write, or null: then everything is dropped
     * @param framer for replies; null for requests
     * @param struck counts for all wires of this direction
     */
    Wire(FaultConnection connection, Socket source, Socket target, RespReplyFramer framer, WireFault fault,
        AtomicLong struck) {
        this.connection = connection;
        this.source = source;
        this.target = target;
        this.framer = framer;
        this.fault = fault;
        this.struck = struck;
    }

    /** From now on this happens to what passes. Any thread. */
    public void fault(WireFault value) {
        lock.lock();
        try {
            fault = value;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private WireFault fault() {
        lock.lock();
        try {
            return lost ? WireFaults.BLACK_HOLE : fault;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes go nowhere: from now on all do, since nothing behind a gap ever arrives by TCP. */
    void lose() {
        lock.lock();
        try {
            lost = true;
        } finally {
            lock.unlock();
        }
    }

    /** The fault has done something. */
    void strike() {
        struck.incrementAndGet();
    }

    /** The fault has done what it does once. */
    void strikeOnce(WireFault done) {
        lock.lock();
        try {
            if (fault == done) {
                fault = WireFaults.NONE;
            }
        } finally {
            lock.unlock();
        }
        strike();
    }

    /** Waits until another fault is set or the connection ends, at most so long. */
    void awaitChange(long limitNs) throws IOException {
        lock.lock();
        try {
            WireFault before = fault;
            long leftNs = limitNs;
            while (fault == before && leftNs > 0 && !connection.isClosing()) {
                leftNs = changed.awaitNanos(leftNs);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            lock.unlock();
        }
    }

    /** Whoever waits looks again. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void write(byte[] bytes, int from, int to) throws IOException {
        if (to > from && target != null && !halfClosed && !connection.isClosing()) {
            target.getOutputStream().write(bytes, from, to - from);
        }
    }

    /** The end of the reply that begins here; there is a whole one. */
    int replyEnd(byte[] bytes, int from, int to) {
        int found = framer == null ? to : framer.frame(bytes, from, to);
        return found < 0 ? to : found;
    }

    /** Resets the whole connection. */
    void reset() {
        connection.reset();
    }

    /** Closes the whole connection in good order. */
    void close() {
        connection.close();
    }

    /** Ends this direction in good order; what still comes is dropped. */
    void halfClose() throws IOException {
        halfClosed = true;
        target.shutdownOutput();
    }

    void run() {
        try {
            pump();
        } catch (IOException e) {
            connection.abort();
        }
        connection.ended();
    }

    private void pump() throws IOException {
        while (true) {
            if (end == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * end);
            }
            int count = source.getInputStream().read(buffer, end, buffer.length - end);
            if (count < 0) {
                break;
            }
            end += count;
            int whole = whole();
            if (whole > 0) {
                pass(whole);
                System.arraycopy(buffer, whole, buffer, 0, end - whole);
                end -= whole;
            }
        }
        write(buffer, 0, end);
        if (target != null && !halfClosed && !connection.isClosing()) {
            target.shutdownOutput();
        }
    }

    private void pass(int to) throws IOException {
        boolean passed = false;
        while (!passed) {
            if (connection.isClosing()) {
                return;
            }
            passed = fault().pass(this, buffer, 0, to);
        }
    }

    /** How many bytes can go on: all, or whole replies. */
    private int whole() {
        if (framer == null) {
            return end;
        }
        int at = 0;
        while (at < end) {
            int next = framer.frame(buffer, at, end);
            if (next == RespReplyFramer.MALFORMED) {
                return end;
            }
            if (next == RespReplyFramer.INCOMPLETE) {
                return at;
            }
            at = next;
        }
        return at;
    }
}
