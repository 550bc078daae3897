package org.millrace.engine.control;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A log's file: what is written goes to its end. It can be opened anew after somebody has moved it away. */
public final class LogFile extends OutputStream {
    private final String path;
    private FileOutputStream file;

    /**
     * Opens the file, or makes it.
     *
     * @throws IOException if that cannot be; the message names the file
     */
    public LogFile(String path) throws IOException {
        this.path = path;
        file = new FileOutputStream(path, true);
    }

    /** Opens what stands under the name now. The file so far stays if that fails. */
    void reopen() throws IOException {
        FileOutputStream before = file;
        file = new FileOutputStream(path, true);
        before.close();
    }

    @Override
    public void write(int value) throws IOException {
        file.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        file.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
