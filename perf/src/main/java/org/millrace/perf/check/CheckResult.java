package org.millrace.perf.check;

import java.util.List;

/**
 * The outcome of a check.
 *
 * @param sent       requests sent
 * @param answered   requests that got a reply, right or wrong
 * @param wrong      replies that are not what their request must return
 * @param elapsedNs  duration
 * @param texts      the first wrong replies and lost connections in words
 * @param wanted     requests that were to be sent
 */
public record CheckResult(long wanted, long sent, long answered, long wrong, long elapsedNs, List<String> texts) {
    /** Takes a copy of the texts. */
    public CheckResult {
        texts = List.copyOf(texts);
    }

    /** Requests that never got a reply. */
    public long unanswered() {
        return sent - answered;
    }

    /** Everything was sent, answered and right. */
    public boolean isOk() {
        return wrong == 0 && texts.isEmpty() && sent >= wanted && answered == sent;
    }
}
