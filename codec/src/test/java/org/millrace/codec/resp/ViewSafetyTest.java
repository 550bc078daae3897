package org.millrace.codec.resp;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.codec.GuardedBuffer;

/** Views never read outside of the head, whatever the head says: without bounds checks that would end the process. */
final class ViewSafetyTest {
    private static final String LIKELY = "*$0123456789-\r\n\r\n\r\nab";
    private static final int ROUNDS = 100_000;

    private static GuardedBuffer guarded(String head) {
        GuardedBuffer buffer = new GuardedBuffer(head.length(), (byte) '7');
        byte[] bytes = Corpus.bytes(head);
        buffer.fill(bytes, 0, bytes.length);
        return buffer;
    }

    /** Walks all words; false if the view refuses. */
    private static boolean walksRequest(String head, int threshold) {
        GuardedBuffer buffer = guarded(head);
        RequestView view = new RequestView();
        try {
            view.wrap(buffer, GuardedBuffer.MARGIN, head.length(), threshold);
            while (view.next()) {
                int end = GuardedBuffer.MARGIN + head.length();
                long wordEnd = view.argumentOffset() + (view.isBody() ? 0 : view.argumentLength());
                assertTrue(view.argumentLength() >= 0 && wordEnd + 2 == view.endOffset() && view.endOffset() <= end,
                    () -> head + " " + threshold);
            }
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static boolean walksReply(String head, int threshold) {
        GuardedBuffer buffer = guarded(head);
        ReplyView view = new ReplyView();
        try {
            view.wrap(buffer, GuardedBuffer.MARGIN, head.length(), threshold);
            while (view.next()) {
                assertTrue(view.startOffset() < view.endOffset()
                    && view.endOffset() <= GuardedBuffer.MARGIN + head.length(), () -> head + " " + threshold);
                view.type();
            }
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void shouldRefuseAWordInTheHeadThatShouldBeABody() {
        String head = Corpus.request("foo", "x".repeat(300), "bar");
        assertTrue(walksRequest(head, 301));
        RequestView view = new RequestView().wrap(new UnsafeBuffer(Corpus.bytes(head)), 0, head.length(), 300);
        view.next();
        view.next();
        assertThrows(IllegalStateException.class, view::next);
    }

    @Test
    void shouldRefuseEveryHeadThatIsCutOff() {
        String request = Corpus.request("SET", "key", "0123456789ab");
        String reply = "*3\r\n$12\r\n0123456789ab\r\n*2\r\n:1\r\n$-1\r\n+OK\r\n";
        for (int threshold : new int[] {4, 12, Integer.MAX_VALUE}) {
            for (int length = 0; length < request.length(); length++) {
                walksRequest(request.substring(0, length), threshold);
            }
            for (int length = 0; length < reply.length(); length++) {
                walksReply(reply.substring(0, length), threshold);
            }
        }
        for (int length = 0; length < request.length(); length++) {
            assertTrue(!walksRequest(request.substring(0, length), 100), request.substring(0, length));
        }
        for (int length = 0; length < reply.length(); length++) {
            assertTrue(!walksReply(reply.substring(0, length), 100), reply.substring(0, length));
        }
    }

    @Test
    void shouldStayInsideOfArbitraryBytes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "*9\r\n" : "*");
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(random.nextInt(20) == 0 ? (char) random.nextInt(256)
                    : LIKELY.charAt(random.nextInt(LIKELY.length())));
            }
            String head = text.toString();
            int threshold = random.nextBoolean() ? 1 + random.nextInt(20) : Integer.MAX_VALUE;
            try {
                walksRequest(head, threshold);
                walksReply(head, threshold);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round + " threshold " + threshold + ": " + head,
                    e);
            }
        }
    }

    @Test
    void shouldStayInsideOfDamagedMessages() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String request = Corpus.request("MSET", "k1", "v".repeat(120), "k2", "w".repeat(15), "", "x");
        String reply = "*5\r\n$120\r\n" + "v".repeat(120) + "\r\n*2\r\n$2\r\nab\r\n:77\r\n$-1\r\n+OK\r\n-ERR x\r\n";
        for (int round = 0; round < ROUNDS; round++) {
            int threshold = 1 + random.nextInt(130);
            String damagedRequest = damaged(request, random);
            String damagedReply = damaged(reply, random);
            try {
                walksRequest(damagedRequest, threshold);
                walksReply(damagedReply, threshold);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round, e);
            }
        }
    }

    private static String damaged(String text, Random random) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            damaged.setCharAt(random.nextInt(damaged.length()), LIKELY.charAt(random.nextInt(LIKELY.length())));
        }
        return damaged.toString();
    }
}
