package org.millrace.engine.plan;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Errors that arise when fragments are put together. */
final class MergeErrors {
    /** No memory for a fragment's reply. */
    static final DirectBuffer NO_MEMORY = error("Cannot allocate memory");
    /** A server's answer does not fit the command. */
    static final DirectBuffer UNEXPECTED = error("Invalid argument");

    private MergeErrors() {
    }

    private static DirectBuffer error(String text) {
        return new UnsafeBuffer(("-ERR " + text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
