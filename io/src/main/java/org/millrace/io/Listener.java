package org.millrace.io;

/** A listening socket; used by its transport's thread. */
public interface Listener extends AutoCloseable {
    /** The bound address; its port is the real one when 0 was asked for. */
    Endpoint endpoint();

    /** Accepts no more; connections that stand are not touched. */
    @Override
    void close();
}
