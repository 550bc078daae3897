package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, as short as possible and never for ever. */
final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long LOOK_NS = 500_000;

    private Await() {
    }

    static void until(String what, BooleanSupplier condition) {
        until(() -> what, LIMIT, condition);
    }

    static void until(Supplier<String> what, Duration limit, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                fail("not within " + limit.toMillis() + " ms: " + what.get());
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }
}
