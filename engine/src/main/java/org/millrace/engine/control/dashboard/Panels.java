package org.millrace.engine.control.dashboard;

import java.util.function.Supplier;

/**
 * What others find out and the dashboard shows. Asked by the control thread.
 *
 * @param hotKeys an object of JSON: for each pool its hot keys, big keys and talkers
 * @param slowLog an array of JSON: the requests that were slow, newest first
 */
public record Panels(Supplier<String> hotKeys, Supplier<String> slowLog) {
    /** Where nobody looks for them. */
    public static Panels none() {
        return new Panels(() -> "{}", () -> "[]");
    }
}
