package org.millrace.perf.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What became of a {@link FaultLoad}'s requests. */
final class LoadCounts {
    private static final int TEXTS = 10;

    private final Map<String, Long> errors = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private long sent;
    private long answered;
    private long ofSeveralServers;
    private long longestNs;

    synchronized void sent() {
        sent++;
    }

    synchronized void answered(long afterNs) {
        answered++;
        longestNs = Math.max(longestNs, afterNs);
    }

    synchronized void wrong(String text) {
        if (wrong.size() < TEXTS) {
            wrong.add(text);
        }
    }

    synchronized void error(String text, boolean several) {
        errors.merge(text, 1L, Long::sum);
        ofSeveralServers += several ? 1 : 0;
    }

    /** Replies that are not what they must be, and errors of servers that are well. */
    synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** Error replies by their text. */
    synchronized Map<String, Long> errors() {
        return new TreeMap<>(errors);
    }

    synchronized long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Errors among them that were replies to MGET or MSET over several servers. */
    synchronized long errorsOfSeveralServers() {
        return ofSeveralServers;
    }

    synchronized long unanswered() {
        return sent - answered;
    }

    synchronized long answered() {
        return answered;
    }

    synchronized long longestMs() {
        return TimeUnit.NANOSECONDS.toMillis(longestNs);
    }

    @Override
    public synchronized String toString() {
        return sent + " sent, " + answered + " answered, longest " + longestMs() + " ms, errors " + errors + ", wrong "
            + wrong;
    }
}
