package org.millrace.perf.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reply of memcached is found at its end and nowhere before, and damage harms nobody. */
class MemcachedReplyFramerTest {
    private static final String[] REPLIES = {"STORED\r\n", "END\r\n", "HD O7 kabc\r\n", "EN\r\n", "MN\r\n", "12\r\n",
        "VERSION 1.6.18\r\n", "SERVER_ERROR out of memory\r\n", "ERROR\r\n", "VA 2 kx O12\r\nab\r\n",
        "VA 0\r\n\r\n", "VALUE k 0 0\r\n\r\nEND\r\n",
        "VALUE a 0 5\r\na\r\nbc\r\nVALUE b 3 7 99\r\nEND\r\n\r\n\r\nEND\r\n",
        "VALUE a 0 1\r\nx\r\nSERVER_ERROR unknown\r\n"};

    private final MemcachedReplyFramer framer = new MemcachedReplyFramer();

    @Test
    void shouldFindTheEndAtEverySplit() {
        for (String reply : REPLIES) {
            byte[] b = ("xx" + reply + "STORED\r\n").getBytes(StandardCharsets.US_ASCII);
            int end = 2 + reply.length();
            for (int to = 2; to < end; to++) {
                assertEquals(Framing.INCOMPLETE, framer.frame(b, 2, to), reply + " cut at " + to);
                assertTrue(framer.neededTo() > to && framer.neededTo() <= end, reply + " cut at " + to);
            }
            assertEquals(end, framer.frame(b, 2, end), reply);
            assertEquals(end, framer.frame(b, 2, b.length), reply);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"OKAY\r\n", "stored\r\n", "\r\n", " END\r\n", "a value\r\n", "12a\r\n", "-1\r\n",
        "END\n", "EN\rD\r\n", "VALUE k 0\r\n", "VALUE k 0 -1\r\n\r\nEND\r\n", "VALUE k 0 1x\r\nx\r\nEND\r\n",
        "VALUE k 0 3\r\nabcd\r\nEND\r\n", "VALUE k 0 1\r\na\r\nSTORED\r\n", "VALUE k 0 1\r\na\r\nVA 1\r\nb\r\n",
        "VALUE k 0 600000000\r\n", "VALUE k 0 99999999999999999999\r\n", "VA\r\n", "VA 600000000\r\n",
        "VA 1\r\nabc\r\n",
        "123456789012345678901\r\n", "STAT pid 1\r\nEND\r\n"})
    void shouldRefuseWhatIsNoReply(String reply) {
        byte[] b = reply.getBytes(StandardCharsets.US_ASCII);
        assertEquals(Framing.MALFORMED, framer.frame(b, 0, b.length));
    }

    @Test
    void shouldCapALineThatDoesNotEnd() {
        byte[] b = "VERSION ".repeat(2_000).getBytes(StandardCharsets.US_ASCII);
        assertEquals(Framing.INCOMPLETE, framer.frame(b, 0, 8_191));
        assertEquals(Framing.MALFORMED, framer.frame(b, 0, 8_192));
    }

    @Test
    void shouldCapTheNumberOfValues() {
        byte[] b = "VALUE k 0 0\r\n\r\n".repeat(65_538).getBytes(StandardCharsets.US_ASCII);
        assertEquals(Framing.MALFORMED, framer.frame(b, 0, b.length));
    }

    @Test
    void shouldStayInsideTheBytesWhateverTheyAre() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] b = (REPLIES[random.nextInt(REPLIES.length)] + REPLIES[random.nextInt(REPLIES.length)])
                .getBytes(StandardCharsets.US_ASCII);
            for (int i = random.nextInt(4); i >= 0; i--) {
                b[random.nextInt(b.length)] = (byte) (random.nextBoolean() ? random.nextInt(256) : "\r\n 19"
                    .charAt(random.nextInt(5)));
            }
            byte[] cut = Arrays.copyOf(b, random.nextInt(b.length + 1));
            int end = framer.frame(cut, 0, cut.length);
            String text = "seed " + seed + ": " + new String(cut, StandardCharsets.ISO_8859_1);
            if (end == Framing.INCOMPLETE) {
                assertTrue(framer.neededTo() > cut.length, text);
            } else {
                assertTrue(end == Framing.MALFORMED || end > 0 && end <= cut.length, text);
                assertEquals(end, end < 0 ? end : framer.frame(cut, 0, end), text);
            }
        }
    }
}
