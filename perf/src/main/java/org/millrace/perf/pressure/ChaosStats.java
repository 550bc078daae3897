package org.millrace.perf.pressure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What became of the requests of a chaos run. Written by the load's thread, read by others. */
final class ChaosStats {
    private static final int TEXTS = 10;
    /** What a server's fault may come to for a client. */
    private static final List<String> EXPECTED = List.of("unknown", "Connection refused", "Connection reset by peer",
        "Connection timed out", "Broken pipe");
    private static final Set<String> EXPECTED_REPLIES = EXPECTED.stream()
        .flatMap(text -> Stream.of("ERR " + text, "SERVER_ERROR " + text)).collect(Collectors.toSet());

    private final Map<String, Long> errors = new TreeMap<>();
    private final List<String> texts = new ArrayList<>();
    private long sent;
    private long answered;
    private long abandoned;
    private long wrong;
    private long late;
    private long lives;
    private long longestNs;

    synchronized void began() {
        lives++;
    }

    synchronized void sent() {
        sent++;
    }

    /** A reply came, good or not. */
    synchronized void answered(long afterNs, boolean inTime, String request) {
        answered++;
        longestNs = Math.max(longestNs, afterNs);
        if (!inTime) {
            late++;
            text("answered after " + afterNs / 1_000_000 + " ms: " + request);
        }
    }

    /** A client has left without waiting for so many replies. */
    synchronized void abandoned(int requests) {
        abandoned += requests;
    }

    /** An error reply; one that no fault of a server explains is wrong. */
    synchronized void error(String text) {
        errors.merge(text, 1L, Long::sum);
        if (!EXPECTED_REPLIES.contains(text)) {
            wrong("an error that no fault explains: " + text);
        }
    }

    synchronized void wrong(String text) {
        wrong++;
        text(text);
    }

    private void text(String text) {
        if (texts.size() < TEXTS) {
            texts.add(text);
        }
    }

    synchronized long answered() {
        return answered;
    }

    synchronized long wrong() {
        return wrong;
    }

    synchronized long late() {
        return late;
    }

    synchronized long lives() {
        return lives;
    }

    /** Requests whose clients waited for a reply that never came. */
    synchronized long unanswered() {
        return sent - answered - abandoned;
    }

    synchronized long longestMs() {
        return longestNs / 1_000_000;
    }

    synchronized long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether requests were answered, all of them, in time and right. */
    synchronized boolean isKept() {
        return answered > 0 && wrong == 0 && late == 0 && unanswered() == 0;
    }

    synchronized Map<String, Long> errors() {
        return new TreeMap<>(errors);
    }

    synchronized List<String> texts() {
        return List.copyOf(texts);
    }
}
