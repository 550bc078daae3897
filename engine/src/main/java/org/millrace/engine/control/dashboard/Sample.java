package org.millrace.engine.control.dashboard;

/**
 * What was measured in one second. Immutable; whoever has it leaves the bytes alone.
 *
 * @param number of the sample, counted from 1 since the start
 * @param json   an object, in UTF-8
 */
record Sample(long number, byte[] json) {
    /** What an object and its place in the history take besides the bytes. */
    private static final int RECORD_BYTES = 56;

    /** Heap that it takes. */
    int footprint() {
        return json.length + RECORD_BYTES;
    }
}
