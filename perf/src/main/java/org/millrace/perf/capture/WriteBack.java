package org.millrace.perf.capture;

import java.nio.file.Path;

/**
 * Has files that are ended written to the disk and leave the memory, so that a capture takes no more of it than two of
 * them, however long it goes on. Else the system keeps what is written as long as it has memory at all, and fresh
 * memory for each page can cost several times as much of its time as some that has just been given back. Waits for
 * nothing: a file begins to be written when it is ended, and leaves when the next one is. Where there is no such call,
 * the system does what it does.
 */
final class WriteBack implements AutoCloseable {
    private int last = -1;

    /** A file has its last record, and is mapped no longer. */
    void ended(Path file) {
        close();
        last = SystemCalls.open(file);
        if (last >= 0) {
            SystemCalls.forget(last);
        }
    }

    /** Of the last file what is written by now leaves the memory. */
    @Override
    public void close() {
        if (last >= 0) {
            SystemCalls.forget(last);
            SystemCalls.close(last);
            last = -1;
        }
    }
}
