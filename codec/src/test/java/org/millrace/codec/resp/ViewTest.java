package org.millrace.codec.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.codec.Feeder;

/** Views find the words and elements that are in a message, with and without bodies. */
final class ViewTest {
    private static final int SHIFT = 7;

    private static UnsafeBuffer shifted(String head) {
        return new UnsafeBuffer(Corpus.bytes("#".repeat(SHIFT) + head));
    }

    @Test
    void shouldWalkWordsOfEachRequest() {
        String[][] requests = {{"PING"}, {"", ""}, {"SET", "k", "x".repeat(300)}, {"a", "\r\n", "$1\r\n", "bbbb", "c"},
            "1 2 3 4 5 6 7 8 9 10 11 12".split(" ")};
        for (String[] words : requests) {
            for (int threshold : new int[] {1, 3, 4, 100, Integer.MAX_VALUE}) {
                Feeder feeder = Feeder.feed(new RequestFramer(Feeder.limits(threshold)),
                    Corpus.bytes(Corpus.request(words)));
                assertWords(feeder.frames().getFirst().head(), words, threshold);
            }
        }
    }

    private static void assertWords(String head, String[] words, int threshold) {
        RequestView view = new RequestView().wrap(shifted(head), SHIFT, head.length(), threshold);
        for (int round = 0; round < 2; round++) {
            assertEquals(words.length, view.argumentCount());
            assertEquals(-1, view.argumentIndex());
            int bodies = 0;
            int end = head.indexOf('\n') + 1 + SHIFT;
            for (int i = 0; i < words.length; i++) {
                assertTrue(view.next());
                assertEquals(i, view.argumentIndex());
                assertEquals(words[i].length(), view.argumentLength());
                assertEquals(words[i].length() >= threshold, view.isBody());
                assertEquals(bodies, view.bodyIndex());
                assertEquals(end, view.headerOffset());
                assertEquals('$', head.charAt(view.headerOffset() - SHIFT));
                int length = view.isBody() ? 0 : words[i].length();
                assertEquals(words[i].substring(0, length) + "\r\n",
                    head.substring(view.argumentOffset() - SHIFT, view.endOffset() - SHIFT));
                bodies += view.isBody() ? 1 : 0;
                end = view.endOffset();
            }
            assertEquals(head.length() + SHIFT, end);
            assertFalse(view.next());
            assertFalse(view.next());
            view.rewind();
        }
    }

    @Test
    void shouldWalkElementsOfEachReply() {
        String[][] replies = {{}, {":1\r\n"}, {"$3\r\nabc\r\n", "$-1\r\n", "$0\r\n\r\n", "+a\rb\r\n", "-E\r\n"},
            {"*2\r\n$4\r\nabcd\r\n*1\r\n$5\r\nabcde\r\n", "$6\r\n\r\n\r\n\r\n\r\n", "*-1\r\n", "*0\r\n", ":-5\r\n"},
            {"$100\r\n" + "v".repeat(100) + "\r\n", "$2\r\nab\r\n", "$99\r\n" + "w".repeat(99) + "\r\n"}};
        for (String[] elements : replies) {
            for (int threshold : new int[] {1, 4, 5, 100, Integer.MAX_VALUE}) {
                assertElements(elements, threshold);
            }
        }
    }

    private static void assertElements(String[] elements, int threshold) {
        Feeder feeder = Feeder.feed(new ReplyFramer(Feeder.limits(threshold)),
            Corpus.bytes("*" + elements.length + "\r\n" + String.join("", elements)));
        String head = feeder.frames().getFirst().head();
        ReplyView view = new ReplyView().wrap(shifted(head), SHIFT, head.length(), threshold);
        assertEquals(elements.length, view.elementCount());
        int bodies = 0;
        int end = head.indexOf('\n') + 1 + SHIFT;
        for (int i = 0; i < elements.length; i++) {
            Feeder alone = Feeder.feed(new ReplyFramer(Feeder.limits(threshold)), Corpus.bytes(elements[i]));
            assertTrue(view.next());
            assertEquals(i, view.elementIndex());
            assertEquals(end, view.startOffset());
            assertEquals(elements[i].charAt(0), view.type());
            assertEquals(bodies, view.firstBody());
            end = view.endOffset();
            assertEquals(alone.frames().getFirst().head(), head.substring(view.startOffset() - SHIFT, end - SHIFT));
            assertEquals(alone.frames().getFirst().getters().split("body at").length - 1, view.bodyCount());
            bodies += view.bodyCount();
        }
        assertEquals(head.length() + SHIFT, end);
        assertFalse(view.next());
        view.rewind();
        assertEquals(elements.length > 0, view.next());
    }

    @Test
    void shouldFindNoElementsWhereThereAreNone() {
        ReplyView view = new ReplyView();
        assertFalse(view.wrap(shifted("*-1\r\n"), SHIFT, 5, 1).next());
        assertEquals(-1, view.elementCount());
        assertFalse(view.wrap(shifted("+OK\r\n"), SHIFT, 5, 1).next());
        assertEquals(0, view.elementCount());
    }
}
