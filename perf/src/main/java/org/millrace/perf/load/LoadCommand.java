package org.millrace.perf.load;

import org.millrace.perf.client.RequestWriter;

/**
 * A command of some protocol that the load generator sends. It writes a request from one number, the token, and knows
 * from that number alone what the reply may be. Without state.
 */
public sealed interface LoadCommand permits RedisCommand, MemcachedCommand {
    /** Name as in {@code --mix}. */
    String lowerName();

    /** Its place among the commands of its protocol. */
    int ordinal();

    /** How many keys it is about. */
    int keys();

    /** Appends the request of {@code token}. */
    void encode(RequestWriter out, long token, Workload workload);

    /** Whether the whole reply {@code b[from..to)} may answer the request of {@code token}. Errors may not. */
    boolean isRight(byte[] b, int from, int to, long token, Workload workload);
}
