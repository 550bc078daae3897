package org.millrace.engine.filter;

/** The time of day, for TIME. */
@FunctionalInterface
public interface WallClock {
    /** Microseconds since the epoch. */
    long epochMicros();
}
