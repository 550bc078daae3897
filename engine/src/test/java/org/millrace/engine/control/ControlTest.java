package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What other threads may ask of the control thread while it runs. */
class ControlTest {
    private static final int THREADS = 4;
    private static final int QUESTIONS = 100_000;

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final EventLog log = new EventLog(new PrintStream(text, true, StandardCharsets.UTF_8), EventLog.MAX_LEVEL);

    @Test
    @Timeout(60)
    void shouldAnswerEveryQuestionThatManyThreadsAskAtOnce() throws InterruptedException {
        Control control = new Control(log);
        AtomicLong answered = new AtomicLong();
        List<Thread> askers = new ArrayList<>();
        control.start(List.of(), null);
        for (int i = 0; i < THREADS; i++) {
            askers.add(Thread.ofPlatform().start(() -> {
                for (int asked = 0; asked < QUESTIONS;) {
                    if (control.offer(answered::incrementAndGet)) {
                        asked++;
                    } else {
                        Thread.yield();
                    }
                }
            }));
        }
        for (Thread asker : askers) {
            asker.join();
        }
        control.stop();

        assertEquals(0, log.errors(), () -> text.toString(StandardCharsets.UTF_8));
        assertEquals(THREADS * QUESTIONS, answered.get());
    }
}
