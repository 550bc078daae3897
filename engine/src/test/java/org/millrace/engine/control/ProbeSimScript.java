package org.millrace.engine.control;

import org.millrace.conf.PoolConfig;
import org.millrace.conf.ServerConfig;

/** What a probe says and hears, for those who have their own way of sending it. */
public final class ProbeSimScript {
    private final ProbeTalk talk;

    /** In the protocol of the pool. */
    public ProbeSimScript(PoolConfig pool, ServerConfig server) {
        talk = ProbeTalk.of(pool, server);
    }

    /** What is sent. */
    public byte[] question() {
        return talk.question();
    }

    /** True if what has come so far tells nothing yet. */
    public boolean isMoreToCome(String received) {
        return ProbeTalk.MORE.equals(talk.meaning(received));
    }

    /** What is wrong with the server; null if nothing. */
    public String meaning(String received) {
        return talk.meaning(received);
    }
}
