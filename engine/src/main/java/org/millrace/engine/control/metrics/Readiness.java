package org.millrace.engine.control.metrics;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Whether the process lives, and whether it should get clients. Any thread.
 *
 * @param turning  every lane turns
 * @param inForce  every lane has the pools and servers that were read last
 * @param stopping it is about to end
 */
public record Readiness(BooleanSupplier turning, BooleanSupplier inForce, BooleanSupplier stopping) {
    private static final String STUCK = "a lane does not turn";

    /** Why it does not live; empty if it does. */
    List<String> illness() {
        return turning.getAsBoolean() ? List.of() : List.of(STUCK);
    }

    /** Why it should get no clients; empty if it should. */
    List<String> obstacles() {
        return Stream.of(turning.getAsBoolean() ? "" : STUCK,
            inForce.getAsBoolean() ? "" : "a lane has not taken over the pools and servers of the configuration",
            stopping.getAsBoolean() ? "it is stopping" : "").filter(each -> !each.isEmpty()).toList();
    }
}
