package org.millrace.engine.spread;

/** What can be read off a lane at any time, by any thread. */
public interface LaneReading {
    /** How many threads it has. */
    int threadCount();

    /** Nanoseconds that one of its threads has been at work so far, or less than before if that cannot be told. */
    long busyNs(int thread);

    /** Requests so far. */
    long requestCount();

    /** Clients, those on their way to it included. */
    int clientCount();
}
