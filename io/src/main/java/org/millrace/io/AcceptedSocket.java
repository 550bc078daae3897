package org.millrace.io;

/** An accepted socket that no transport serves yet; may be handed from thread to thread. */
public interface AcceptedSocket extends AutoCloseable {
    /** The peer's address as text. */
    String peer();

    @Override
    void close();
}
