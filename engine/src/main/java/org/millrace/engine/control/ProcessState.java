package org.millrace.engine.control;

import java.util.function.BooleanSupplier;

/**
 * What reports tell of the process as a whole.
 *
 * @param version of the product
 * @param ready   true while every lane turns
 * @param reloads what came of them
 */
public record ProcessState(String version, BooleanSupplier ready, Reloads reloads) {
}
