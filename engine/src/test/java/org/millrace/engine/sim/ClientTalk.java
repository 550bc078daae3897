package org.millrace.engine.sim;

/** A client's part of one protocol: makes up what it asks, and knows what may come back. */
interface ClientTalk {
    /** What is said first; empty if nothing. */
    String greeting();

    /** The next request, or a few that belong together. */
    String next();

    /** Breaks the protocol: an error at most, and the end. */
    String broken();

    /** Says that this is the last request. */
    String quit();

    /** A request that nobody will answer, as it comes behind the last one. */
    String tooMuch();

    /** Requests that are to be answered. */
    int awaited();

    /** What is wrong is told; false if no whole reply has been received. */
    boolean take(Bytes received);

    /** The request that is to be answered next, or null. */
    Object due();
}
