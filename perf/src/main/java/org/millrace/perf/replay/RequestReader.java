package org.millrace.perf.replay;

/** Knows what a captured request asks for. */
interface RequestReader {
    /** Fills in command, keys, whether it writes, and what is to be done with it. */
    void read(Recorded request);
}
