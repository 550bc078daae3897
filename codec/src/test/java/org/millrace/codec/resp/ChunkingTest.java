package org.millrace.codec.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.millrace.codec.Feeder;
import org.millrace.codec.Framer;

/** However a stream is cut into chunks, the same messages come out. */
final class ChunkingTest {
    private static final int[] THRESHOLDS = {1, 4, 16, 16 << 10};

    @Test
    void shouldFrameEachRequestOfTheCorpusAsOneMessage() {
        Corpus.requests().forEach(request -> assertOneMessage(request, true));
    }

    @Test
    void shouldFrameEachReplyOfTheCorpusAsOneMessage() {
        Corpus.replies().forEach(reply -> assertOneMessage(reply, false));
    }

    @Test
    void shouldFrameRequestsAlikeAtEverySplit() {
        splitAll(Corpus.requests(), Corpus.wire("request"), true);
    }

    @Test
    void shouldFrameRepliesAlikeAtEverySplit() {
        splitAll(Corpus.replies(), Corpus.wire("reply"), false);
    }

    @Test
    void shouldFrameRequestsAlikeInRandomChunks() {
        chunkRandomly(Corpus.requests(), true);
    }

    @Test
    void shouldFrameRepliesAlikeInRandomChunks() {
        chunkRandomly(Corpus.replies(), false);
    }

    private static Supplier<Framer> framers(boolean requests, int threshold) {
        return requests ? () -> new RequestFramer(Feeder.limits(threshold))
            : () -> new ReplyFramer(Feeder.limits(threshold));
    }

    private static void assertOneMessage(String text, boolean requests) {
        for (int threshold : THRESHOLDS) {
            Feeder feeder = Feeder.feed(framers(requests, threshold).get(), Corpus.bytes(text));
            assertNull(feeder.error(), text);
            assertEquals(1, feeder.frames().size(), text);
            String skipped = requests && text.contains("*0\r\n") || text.startsWith("*-1") ? text : "";
            String message = feeder.frames().getFirst().message();
            assertEquals(requests && !skipped.isEmpty() ? text.substring(text.length() - message.length()) : text,
                message);
        }
    }

    private static void splitAll(List<String> corpus, List<String> wire, boolean requests) {
        List<String> streams = new ArrayList<>(corpus);
        streams.addAll(wire);
        for (String first : corpus) {
            for (String second : corpus) {
                streams.add(first + second);
            }
        }
        for (int threshold : THRESHOLDS) {
            Supplier<Framer> framers = framers(requests, threshold);
            for (String stream : streams) {
                byte[] bytes = Corpus.bytes(stream);
                String whole = Feeder.feed(framers.get(), bytes).summary();
                for (int cut = 1; cut < bytes.length; cut++) {
                    assertEquals(whole, Feeder.feed(framers.get(), bytes, cut).summary(), "cut at " + cut);
                }
                int[] everywhere = new int[Math.max(0, bytes.length - 1)];
                for (int i = 0; i < everywhere.length; i++) {
                    everywhere[i] = i + 1;
                }
                assertEquals(whole, Feeder.feed(framers.get(), bytes, everywhere).summary(), "byte by byte");
            }
        }
    }

    private static void chunkRandomly(List<String> corpus, boolean requests) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 3000; round++) {
            StringBuilder text = new StringBuilder();
            int messages = 1 + random.nextInt(20);
            for (int i = 0; i < messages; i++) {
                text.append(corpus.get(random.nextInt(corpus.size())));
            }
            byte[] bytes = Corpus.bytes(text.toString());
            Supplier<Framer> framers = framers(requests, THRESHOLDS[random.nextInt(THRESHOLDS.length)]);
            String whole = Feeder.feed(framers.get(), bytes).summary();
            int[] cuts = random.ints(random.nextInt(12), 0, bytes.length).sorted().toArray();
            Feeder chunked = Feeder.feed(framers.get(), bytes, cuts);
            assertEquals(whole, chunked.summary(), "seed " + seed + " round " + round);
            assertEquals(messages, chunked.frames().size(), "seed " + seed + " round " + round);
        }
    }
}
