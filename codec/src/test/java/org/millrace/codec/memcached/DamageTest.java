package org.millrace.codec.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.millrace.codec.Damage;
import org.millrace.codec.Feeder;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;
import org.millrace.codec.GuardedBuffer;

/**
 * Whatever comes in, a framer neither throws nor hangs nor reads beyond, and chunks do not matter; and whatever it
 * frames, a view reads without leaving it.
 */
final class DamageTest {
    private static final int ROUNDS = 60_000;

    private final RequestView requestView = new RequestView();
    private final ReplyView replyView = new ReplyView();

    @Test
    void shouldSurviveDamagedRequests() {
        damage(Corpus.requests(), true);
    }

    @Test
    void shouldSurviveDamagedReplies() {
        damage(Corpus.replies(), false);
    }

    private void damage(List<String> corpus, boolean requests) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int viewed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = Corpus.bytes(corpus.get(random.nextInt(corpus.size()))
                + corpus.get(random.nextInt(corpus.size())));
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes = Damage.apply(bytes, random, Corpus.LIKELY);
            }
            FrameLimits limits = new FrameLimits(1 + random.nextInt(500), random.nextInt(200), 1 + random.nextInt(20),
                random.nextInt(4), 8 + random.nextInt(60), 1 + random.nextInt(40));
            String where = "seed " + seed + " round " + round;
            try {
                Feeder feeder = Feeder.feed(framer(requests, limits), bytes);
                int[] cuts = random.ints(random.nextInt(6), 0, bytes.length + 1).sorted().toArray();
                assertEquals(feeder.summary(), Feeder.feed(framer(requests, limits), bytes, cuts).summary(), where);
                for (Feeder.Frame frame : feeder.frames()) {
                    view(frame.head(), limits.bodyThreshold(), requests);
                    viewed++;
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(where + " " + limits + " " + Arrays.toString(bytes) + Corpus.text(bytes), e);
            }
        }
        assertTrue(viewed > ROUNDS / 10, "only " + viewed);
    }

    private void view(String head, int threshold, boolean requests) {
        GuardedBuffer buffer = new GuardedBuffer(head.length(), (byte) 'x');
        buffer.fill(Corpus.bytes(head), 0, head.length());
        if (requests) {
            requestView.wrap(buffer, GuardedBuffer.MARGIN, head.length(), threshold);
            int keys = 0;
            while (requestView.nextKey()) {
                assertTrue(requestView.keyLength() > 0);
                keys++;
            }
            assertEquals(requestView.keyCount(), keys);
            for (char letter = 'A'; letter <= 'z'; letter++) {
                assertEquals(requestView.hasFlag(letter), requestView.findFlag(letter));
            }
        } else {
            replyView.wrap(buffer, GuardedBuffer.MARGIN, head.length(), threshold);
            while (replyView.next()) {
                assertTrue(replyView.entryEnd() <= GuardedBuffer.MARGIN + head.length());
            }
            replyView.findFlag('O');
        }
    }

    private static Framer framer(boolean requests, FrameLimits limits) {
        return requests ? new RequestFramer(limits) : new ReplyFramer(limits);
    }
}
