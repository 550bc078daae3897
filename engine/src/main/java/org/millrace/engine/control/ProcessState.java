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
 */
public record ProcessState(String version, BooleanSupplier ready, Reloads reloads, LongSupplier controlQueueFull,
    LongSupplier reportsHeld) {
}
