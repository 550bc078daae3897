package org.millrace.routing.distribution;

/**
 * Gives each hash value a server.
 *
 * <p>A distribution is part of an immutable topology and shared by all threads; what it must remember between calls
 * belongs to the instance that {@link #forRouter(long)} returns. A lookup allocates nothing.
 */
public interface Distribution {
    /**
     * The server of a hash value.
     *
     * @param hash unsigned 32 bits
     * @return the server's index in file order
     */
    int serverFor(int hash);

    /**
     * How much of the whole a server has: ring points, slots, or turns, as the distribution counts them. A server with
     * none gets no keys.
     *
     * @param server index in file order
     * @return 0 or more, 0 also for a server that this distribution does not know
     */
    long slotsOf(int server);

    /** False if {@link #serverFor(int)} ignores its argument, so that the caller can save the hashing. */
    default boolean needsHash() {
        return true;
    }

    /**
     * The instance through which one router, on one thread at a time, looks up.
     *
     * @param seed start of any random sequence; equal seeds give equal sequences
     * @return this one if it has no state, else a new one
     */
    default Distribution forRouter(long seed) {
        return this;
    }
}
