package org.millrace.engine.ring;

/** Is told of exceptions in stages and handlers: they are counted, and reported once for each place. */
public interface StageFaults {
    /** An exception at a place. Any thread of the lane; must not throw. */
    void onFault(String place, RuntimeException fault);
}
