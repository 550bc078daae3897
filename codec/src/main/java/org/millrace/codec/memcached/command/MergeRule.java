package org.millrace.codec.memcached.command;

/** How the replies of several servers become one. */
public enum MergeRule {
    /** There is but one reply. */
    NONE,
    /** All VALUE blocks in the order in which their keys were asked for, and one END. */
    VALUES,
    /** OK if all say so, else the first error. */
    ALL_OK,
    /** STAT lines put together by their names. */
    STATS
}
