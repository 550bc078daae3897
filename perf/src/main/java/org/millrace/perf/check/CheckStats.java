package org.millrace.perf.check;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What one worker counts; the worker alone writes, the reporter reads at any time. */
final class CheckStats {
    private static final int MAX_TEXTS = 10;

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final List<String> texts = new ArrayList<>();

    void sent() {
        sent.setRelease(sent.getPlain() + 1);
    }

    void answered() {
        answered.setRelease(answered.getPlain() + 1);
    }

    void wrong() {
        wrong.setRelease(wrong.getPlain() + 1);
    }

    void text(String text) {
        synchronized (texts) {
            if (texts.size() < MAX_TEXTS) {
                texts.add(text);
            }
        }
    }

    boolean wantsText() {
        synchronized (texts) {
            return texts.size() < MAX_TEXTS;
        }
    }

    long sentCount() {
        return sent.getAcquire();
    }

    long answeredCount() {
        return answered.getAcquire();
    }

    long wrongCount() {
        return wrong.getAcquire();
    }

    List<String> texts() {
        synchronized (texts) {
            return List.copyOf(texts);
        }
    }
}
