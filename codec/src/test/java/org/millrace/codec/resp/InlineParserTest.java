package org.millrace.codec.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.codec.Feeder;

/** Inline commands become the words that Redis makes of them. */
final class InlineParserTest {
    private static String encode(String line) {
        byte[] bytes = Corpus.bytes("##" + line);
        byte[] target = new byte[3 + InlineParser.maxEncodedLength(line.length())];
        int length = InlineParser.encode(new UnsafeBuffer(bytes), 2, line.length(), new UnsafeBuffer(target), 3);
        return length <= 0 ? Integer.toString(length) : Corpus.text(target).substring(3, 3 + length);
    }

    private static void assertWords(String line, String... words) {
        assertEquals(Corpus.request(words), encode(line));
        assertEquals(Corpus.request(words), encode(line + "\r\n"));
        assertEquals(Corpus.request(words), encode(line + "\n"));
    }

    @Test
    void shouldPartWordsAtWhiteSpace() {
        assertWords("PING", "PING");
        assertWords("  set \t key   value  ", "set", "key", "value");
        assertWords("\u000b\fa\u000bb c", "a\u000bb", "c");
        assertWords("a\\b", "a\\b");
    }

    @Test
    void shouldReadQuotes() {
        assertWords("set \"a b\" 'c d'", "set", "a b", "c d");
        assertWords("\"\" ''", "", "");
        assertWords("ab\"cd\" ef'g'", "abcd", "efg");
        assertWords("\"'\" '\"'", "'", "\"");
        assertWords("\"\\n\\r\\t\\b\\a\\q\\\\\\\"\"", "\n\r\t\b\u0007q\\\"");
        assertWords("\"\\x41\\xfF\\x4\\xg1\"", "A\u00ffx4xg1");
        assertWords("'a\\'b\\n'", "a'b\\n");
    }

    @Test
    void shouldRefuseUnbalancedQuotes() {
        for (String line : new String[] {"\"", "'", "a \"b",
            "\"a\"b", "'a'b", "\"a\\\"", "'a\\'", "\"\\", "\"a'", "a\"\"\""}) {
            assertEquals(Integer.toString(InlineParser.UNBALANCED), encode(line), line);
            assertEquals(Integer.toString(InlineParser.UNBALANCED), encode(line + "\r\n"), line);
        }
    }

    @Test
    void shouldFindNoWordsInWhiteSpace() {
        for (String line : new String[] {"", " ", "\r\n", "\n", " \t \r\n", "\r\r\n"}) {
            assertEquals(Integer.toString(InlineParser.NO_WORDS), encode(line));
        }
    }

    @Test
    void shouldNeverNeedMoreRoomThanSaid() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String likely = "a \"'\\xn4 b";
        for (int round = 0; round < 50_000; round++) {
            StringBuilder line = new StringBuilder();
            for (int i = random.nextInt(30); i >= 0; i--) {
                line.append(likely.charAt(random.nextInt(likely.length())));
            }
            String encoded = encode(line.toString());
            if (encoded.charAt(0) == '*') {
                Feeder feeder = Feeder.feed(new RequestFramer(Feeder.limits(100)), Corpus.bytes(encoded));
                assertEquals(1, feeder.frames().size(), "seed " + seed + " " + line);
            } else {
                assertTrue("0".equals(encoded) || "-1".equals(encoded), encoded);
            }
        }
    }
}
