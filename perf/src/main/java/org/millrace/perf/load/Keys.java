package org.millrace.perf.load;

/** Which key a token stands for, by some law over a number of keys. Immutable. */
@FunctionalInterface
interface Keys {
    /** The {@code index}-th key of the request of {@code token}: the same whenever it is asked. */
    long keyId(long token, int index);
}
