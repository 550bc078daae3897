package org.millrace.codec.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a view tells of a reply. */
final class ReplyViewTest {
    private static final int SHIFT = 5;

    private final ReplyView view = new ReplyView();
    private DirectBuffer buffer;

    private ReplyView wrap(String head, int threshold) {
        buffer = new UnsafeBuffer(Corpus.bytes("#".repeat(SHIFT) + head + "VALUE x 0 1\r\n"));
        return view.wrap(buffer, SHIFT, head.length(), threshold);
    }

    private String text(int offset, long length) {
        byte[] bytes = new byte[(int) length];
        buffer.getBytes(offset, bytes);
        return Corpus.text(bytes);
    }

    @Test
    void shouldWalkValues() {
        wrap("VALUE a 7 3 99\r\nxyz\r\nVALUE bb 0 0\r\n\r\nEND\r\n", 100);
        assertTrue(view.next());
        assertEquals("a", text(view.keyOffset(), view.keyLength()));
        assertEquals(7, view.flags());
        assertTrue(view.hasCas());
        assertEquals(99, view.cas());
        assertEquals("xyz", text(view.dataOffset(), view.dataLength()));
        assertEquals("VALUE a 7 3 99\r\nxyz\r\n", text(view.entryOffset(), view.entryEnd() - view.entryOffset()));
        assertTrue(view.next());
        assertTrue(view.isKey(new UnsafeBuffer(Corpus.bytes("xbb")), 1, 2));
        assertFalse(view.isKey(new UnsafeBuffer(Corpus.bytes("xbb")), 0, 3));
        assertFalse(view.isKey(new UnsafeBuffer(Corpus.bytes("xbb")), 0, 2));
        assertFalse(view.hasCas());
        assertEquals(0, view.dataLength());
        assertEquals(1, view.entryIndex());
        assertFalse(view.next());
        assertEquals("END\r\n", text(view.entryEnd(), 5));
    }

    @Test
    void shouldCountBodies() {
        wrap("VALUE a 0 10\r\n\r\nVALUE b 0 9\r\n123456789\r\nVALUE c 0 11\r\n\r\nEND\r\n", 10);
        assertTrue(view.next());
        assertTrue(view.isBody());
        assertEquals(0, view.bodyIndex());
        assertTrue(view.next());
        assertFalse(view.isBody());
        assertTrue(view.next());
        assertTrue(view.isBody());
        assertEquals(1, view.bodyIndex());
        assertEquals(11, view.dataLength());
        assertFalse(view.next());
        assertThrows(IllegalStateException.class, () -> wrap("VALUE a 0 10\r\n\r\nEND\r\n", 11).next());
    }

    @Test
    void shouldWalkStatistics() {
        wrap("STAT pid 42\r\nSTAT version 1.6.18 x\r\nSTAT empty\r\nEND\r\n", 100);
        assertTrue(view.next());
        assertEquals("pid", text(view.keyOffset(), view.keyLength()));
        assertEquals("42", text(view.dataOffset(), view.dataLength()));
        assertTrue(view.next());
        assertEquals("1.6.18 x", text(view.dataOffset(), view.dataLength()));
        assertTrue(view.next());
        assertEquals(0, view.dataLength());
        assertFalse(view.next());
    }

    @Test
    void shouldReadMetaReplies() {
        wrap("VA 5 f7 kkey Oabc s5\r\nhello\r\n", 100);
        assertTrue(view.findFlag('O'));
        assertEquals("Oabc", text(view.flagOffset(), view.flagLength()));
        assertFalse(view.findFlag('h'));
        assertFalse(view.findFlag('V'));
        assertTrue(view.next());
        assertEquals(-1, view.keyLength());
        assertEquals("hello", text(view.dataOffset(), view.dataLength()));
        assertFalse(view.next());
        wrap("HD k1\r\n", 100);
        assertTrue(view.findFlag('k'));
        assertFalse(view.next());
        assertFalse(wrap("HD\r\n", 100).findFlag('k'));
    }

    @Test
    void shouldFindNothingInOneLine() {
        for (String line : new String[] {"END\r\n", "STORED\r\n", "CLIENT_ERROR bad data chunk\r\n", "12\r\n"}) {
            assertFalse(wrap(line, 100).next(), line);
        }
    }
}
