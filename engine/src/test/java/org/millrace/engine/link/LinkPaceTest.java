package org.millrace.engine.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The limit follows a server that is too slow, and leaves alone one that is not. */
class LinkPaceTest {
    private static final long MS = 1_000_000;

    private final LinkPace pace = new LinkPace(1000 * MS, 16_384);
    private long nowNs = 1_000 * MS;

    @Test
    void shouldHaveNoOpinionWithoutATimeout() {
        LinkPace free = new LinkPace(Long.MAX_VALUE, 16_384);
        assertEquals(16_384, free.limit());
        free.look(nowNs, 5000);
        free.reached();
        assertEquals(0, free.expectedNs(5000));
    }

    @Test
    void shouldGrowQuicklyWhileRepliesComeSoon() {
        assertEquals(1024, pace.limit());
        run(300, 1024, 1000, 2 * MS, true);
        assertEquals(16_384, pace.limit());
    }

    @Test
    void shouldKeepWhatIsAnsweredInTimeThoughNotSoon() {
        run(1000, 1024, 17, 600 * MS, true);
        assertEquals(1024, pace.limit(), "a server far away is not a slow one");
    }

    @Test
    void shouldSendNoMoreThanIsAnsweredInHalfTheTimeWhenRepliesAreLate() {
        run(1000, 1024, 1, 900 * MS, true);
        assertTrue(pace.limit() >= 450 && pace.limit() <= 550, "1 reply a millisecond: " + pace.limit());
        assertTrue(pace.expectedNs(500) > 500 * MS && pace.expectedNs(500) < 700 * MS);
    }

    @Test
    void shouldThinkNothingOfAServerThatIsAskedLittle() {
        // one request at a time, each answered after 5 ms
        for (int i = 0; i < 1000; i++) {
            nowNs += MS;
            if (i % 5 == 0) {
                pace.replied(5 * MS);
            }
            pace.look(nowNs, 1);
        }
        assertEquals(1024, pace.limit());
        assertEquals(0, pace.expectedNs(1000), "a burst after it must not be taken for hopeless");
    }

    @Test
    void shouldLetLeastThroughToAServerThatHangsAndGrowAgainAfterwards() {
        for (int i = 0; i < 300; i++) {
            nowNs += MS;
            pace.expired();
            pace.look(nowNs, 1024);
        }
        assertEquals(LinkPace.LEAST, pace.limit());
        run(1000, 16, 50, MS, true);
        assertEquals(16_384, pace.limit());
    }

    @Test
    void shouldNotTakeAServerForSlowThatIsAskedTooLate() {
        for (int i = 0; i < 300; i++) {
            nowNs += MS;
            pace.replied(20 * MS);
            pace.expired();
            pace.reached();
            pace.look(nowNs, 16);
        }
        assertEquals(16_384, pace.limit(), "it answers soon what it is sent");
    }

    @Test
    void shouldExpectNoSoonerReplyThanTheLastOne() {
        run(1000, 16, 2, 100 * MS, true);
        assertEquals(100 * MS, pace.expectedNs(16));
        run(1000, 16, 2, 600 * MS, true);
        assertEquals(125 * MS, pace.expectedNs(16));
        assertTrue(pace.expectedNs(1000) > 500 * MS);
    }

    @Test
    void shouldTakeAServerThatAnswersByBurstsForAsSlowAsItIs() {
        for (int i = 0; i < 4000; i++) {
            nowNs += MS;
            for (int reply = 0; reply < (i % 200 == 199 ? 80 : 0); reply++) {
                pace.replied(900 * MS);
            }
            pace.reached();
            pace.look(nowNs, 1024);
        }
        assertTrue(pace.limit() >= 150 && pace.limit() <= 250, "400 replies a second: " + pace.limit());
    }

    private void run(int milliseconds, int inFlight, int replies, long latencyNs, boolean reached) {
        for (int i = 0; i < milliseconds; i++) {
            nowNs += MS;
            for (int reply = 0; reply < replies; reply++) {
                pace.replied(latencyNs);
            }
            if (reached) {
                pace.reached();
            }
            pace.look(nowNs, inFlight);
        }
    }
}
