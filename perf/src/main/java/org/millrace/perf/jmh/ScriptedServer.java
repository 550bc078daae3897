package org.millrace.perf.jmh;

import org.millrace.io.ConnectionHandler;
import org.millrace.io.Output;
import org.millrace.io.SegmentArena;

/** The far end of a link. Stands at its first poll and answers by its script. */
final class ScriptedServer extends ScriptedConnection {
    private final ServerScript script;
    private boolean connected;

    ScriptedServer(SegmentArena arena, String peer, ConnectionHandler link, ServerScript script) {
        super(arena, peer, link);
        this.script = script;
    }

    @Override
    protected void onFlush(Output leaving) {
        script.onRequests(leaving);
    }

    @Override
    protected boolean onPoll() {
        if (!connected) {
            connected = true;
            handler.onConnected();
            return true;
        }
        return script.deliver(handler);
    }

    /** Gives the script's memory back. */
    void release() {
        script.close();
    }
}
