package org.millrace.engine.kit;

import java.util.ArrayList;
import java.util.List;
import org.millrace.io.CloseCause;

/** A server of the pool, answered for by the test. */
public final class FakeServer {
    /** What becomes of an attempt to connect. */
    public enum Door {
        /** It stands with the next poll. */
        OPEN,
        /** It is refused with the next poll. */
        SHUT,
        /** Nothing happens until the test says so. */
        SILENT
    }

    private final List<FakeConnection> links = new ArrayList<>();
    private Door door = Door.OPEN;

    /** From now on connections are treated like this. */
    public void door(Door value) {
        door = value;
    }

    void connecting(FakeConnection link) {
        links.add(link);
        if (door == Door.OPEN) {
            link.stand();
        } else if (door == Door.SHUT) {
            link.end(CloseCause.REFUSED);
        }
    }

    /** How often a connection was asked for. */
    public int attempts() {
        return links.size();
    }

    /** The latest connection. */
    public FakeConnection link() {
        return links.getLast();
    }

    /** A connection by its age. */
    public FakeConnection link(int index) {
        return links.get(index);
    }

    /** Requests that came on the latest connection since the last call. */
    public List<String> requests() {
        return links.isEmpty() ? List.of() : Resp.requests(link().take());
    }

    /** Answers on the latest connection. */
    public void reply(String wire) {
        link().deliver(wire);
    }

    List<FakeConnection> links() {
        return links;
    }
}
