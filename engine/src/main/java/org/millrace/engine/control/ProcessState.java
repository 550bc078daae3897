package org.millrace.engine.control;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What reports tell of the process as a whole.
 *
 * @param version          of the product
 * @param ready            true while every lane turns
 * @param reloads          what came of them
 * @param controlQueueFull how often the control thread's queue was full
 * @param reportsHeld      reports of lanes that were told later for it, none being lost
 * @param admin            what is counted at the admin port
 */
public record ProcessState(String version, BooleanSupplier ready, Reloads reloads, LongSupplier controlQueueFull,
    LongSupplier reportsHeld, AdminCounters admin) {

    /** With an admin port that nobody has asked yet. */
    public ProcessState(String version, BooleanSupplier ready, Reloads reloads, LongSupplier controlQueueFull,
        LongSupplier reportsHeld) {
        this(version, ready, reloads, controlQueueFull, reportsHeld, new AdminCounters());
    }
}
