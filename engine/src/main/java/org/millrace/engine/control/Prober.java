package org.millrace.engine.control;

import org.millrace.conf.PoolConfig;
import org.millrace.conf.ServerConfig;
import org.millrace.io.Endpoint;

/** Asks a server, off the data path, whether it is there. */
@FunctionalInterface
public interface Prober {
    /**
     * Begins to ask; never blocks.
     *
     * @param pool   says which protocol the server speaks, and who it wants to be asked by
     * @param answer told what it said, on the control thread
     */
    void ask(Endpoint endpoint, PoolConfig pool, ServerConfig server, Answer answer);

    /** Takes what a server has said. */
    @FunctionalInterface
    interface Answer {
        /**
         * Told once, or never.
         *
         * @param why   what is wrong with the server, null if nothing
         * @param nowNs the time
         */
        void is(String why, long nowNs);
    }
}
