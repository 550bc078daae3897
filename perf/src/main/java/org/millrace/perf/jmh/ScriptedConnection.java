package org.millrace.perf.jmh;

import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Output;
import org.millrace.io.SegmentArena;

/** A connection without a socket: whatever is flushed is written at once. */
abstract class ScriptedConnection implements Connection {
    /** Told what happens. */
    protected final ConnectionHandler handler;
    private final Output output;
    private final String peer;
    private boolean readsPaused;
    private CloseCause ended;

    ScriptedConnection(SegmentArena arena, String peer, ConnectionHandler handler) {
        this.handler = handler;
        this.peer = peer;
        output = new Output(arena);
    }

    /** What the output holds is leaving. */
    protected abstract void onFlush(Output leaving);

    /** Delivers what is due; true if something was. */
    protected abstract boolean onPoll();

    /** One turn; true if something happened. */
    final boolean poll() {
        return !readsPaused && ended == null && onPoll();
    }

    /** Why the engine has closed it, null if it has not. */
    final CloseCause ended() {
        return ended;
    }

    @Override
    public final Output output() {
        return output;
    }

    @Override
    public final void flush() {
        long bytes = output.unsentBytes();
        if (bytes > 0) {
            onFlush(output);
            output.advance(bytes);
            handler.onWritten(output.writtenPosition());
        }
    }

    @Override
    public final void pauseReads() {
        readsPaused = true;
    }

    @Override
    public final void resumeReads() {
        readsPaused = false;
    }

    @Override
    public final void gather(boolean on) {
        // nothing to gain: every delivery is a segment of its own
    }

    @Override
    public final void shutdownOutput() {
        flush();
    }

    @Override
    public final void close(CloseCause cause) {
        if (ended == null) {
            ended = cause;
        }
    }

    @Override
    public final boolean detach() {
        return false;
    }

    @Override
    public final boolean isDetaching() {
        return false;
    }

    @Override
    public final String peer() {
        return peer;
    }

    @Override
    public final String local() {
        return "benchmark";
    }
}
