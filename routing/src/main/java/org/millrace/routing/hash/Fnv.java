package org.millrace.routing.hash;

/**
 * Start values and primes of the FNV family.
 *
 * <p>Of the 64-bit variants only the low word of the result is used. The low word of a product depends on the low words
 * of its factors alone, so they run in 32-bit arithmetic with the low words of the 64-bit constants.
 */
final class Fnv {
    static final int OFFSET_32 = 0x811c9dc5;
    static final int PRIME_32 = 16_777_619;
    static final int OFFSET_64_LOW = (int) 0xcbf29ce484222325L;
    static final int PRIME_64_LOW = (int) 0x100000001b3L;

    private Fnv() {
    }
}
