package org.millrace.engine.link;

/** When something last happened on a link, and how long its server has been silent or has done nothing at all. */
final class LinkClock {
    private long connectingSinceNs;
    private long receivedNs;
    /** When the server last took or sent a byte, or got its first request after a rest. */
    private long progressNs;

    void connecting(long nowNs) {
        connectingSinceNs = nowNs;
    }

    /** A byte has come, or the connection. */
    void received(long nowNs) {
        receivedNs = nowNs;
        progressNs = nowNs;
    }

    /** The server takes what it is sent, or has only now something to do. */
    void progress(long nowNs) {
        progressNs = nowNs;
    }

    /** The proxy itself does not read: it is not the server that is silent. */
    void paused(long nowNs) {
        receivedNs = nowNs;
    }

    long connectingNs(long nowNs) {
        return nowNs - connectingSinceNs;
    }

    /** How long nothing has come, of what was asked at that time or later. */
    long silentNs(long nowNs, long askedNs) {
        return nowNs - Math.max(receivedNs, askedNs);
    }

    /** How long the server has neither taken nor sent a byte. */
    long stalledNs(long nowNs) {
        return nowNs - progressNs;
    }
}
