package org.millrace.engine.link;

import org.millrace.io.CloseCause;

/** Is told of changes in the state of links, for the log. Called by the server half's thread; must not block. */
public interface LinkEvents {
    /** The first link to a server stands after none did. */
    void onServerUp(int pool, int server);

    /** A link could not be opened, or ended with requests on it, after all was well. */
    void onServerDown(int pool, int server, CloseCause cause);

    /**
     * A link was lost with requests on it, could not be opened, or a request on it was not answered in time: again and
     * again, but no more than once in ten milliseconds for a server.
     */
    default void onServerFailure(int pool, int server, CloseCause cause) {
    }

    /** A server refused the proxy's own AUTH or SELECT. */
    void onHandshakeRefused(int pool, int server, String reply);
}
