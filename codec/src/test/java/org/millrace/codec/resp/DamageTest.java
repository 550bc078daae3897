package org.millrace.codec.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.millrace.codec.Damage;
import org.millrace.codec.Feeder;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;

/** Whatever comes in, a framer neither throws nor hangs nor reads beyond, and chunks do not matter. */
final class DamageTest {
    private static final int ROUNDS = 60_000;

    @Test
    void shouldSurviveDamagedRequests() {
        List<String> corpus = new ArrayList<>(Corpus.requests());
        corpus.addAll(Corpus.wire("request"));
        damage(corpus, true);
    }

    @Test
    void shouldSurviveDamagedReplies() {
        List<String> corpus = new ArrayList<>(Corpus.replies());
        corpus.addAll(Corpus.wire("reply"));
        damage(corpus, false);
    }

    private static void damage(List<String> corpus, boolean requests) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = Corpus.bytes(corpus.get(random.nextInt(corpus.size()))
                + corpus.get(random.nextInt(corpus.size())));
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes = Damage.apply(bytes, random, Damage.RESP);
            }
            FrameLimits limits = new FrameLimits(1 + random.nextInt(500), random.nextInt(200), 1 + random.nextInt(20),
                random.nextInt(4), 8 + random.nextInt(60), 1 + random.nextInt(40));
            String where = "seed " + seed + " round " + round;
            try {
                String whole = Feeder.feed(framer(requests, limits), bytes).summary();
                int[] cuts = random.ints(random.nextInt(6), 0, bytes.length + 1).sorted().toArray();
                assertEquals(whole, Feeder.feed(framer(requests, limits), bytes, cuts).summary(), where);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(where + " " + limits + " " + Arrays.toString(bytes), e);
            }
        }
    }

    private static Framer framer(boolean requests, FrameLimits limits) {
        return requests ? new RequestFramer(limits) : new ReplyFramer(limits);
    }
}
