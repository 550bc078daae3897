package org.millrace.codec.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;
import org.millrace.codec.memcached.command.Family;
import org.millrace.codec.memcached.command.Fault;
import org.millrace.codec.memcached.command.Field;

/** What a view tells of a request. */
final class RequestViewTest {
    private static final int SHIFT = 5;

    private final RequestView view = new RequestView();
    private DirectBuffer buffer;

    private RequestView wrap(String head, int threshold) {
        buffer = new UnsafeBuffer(Corpus.bytes("#".repeat(SHIFT) + head + "\r\n tail"));
        return view.wrap(buffer, SHIFT, head.length(), threshold);
    }

    private RequestView wrap(String head) {
        return wrap(head, Integer.MAX_VALUE);
    }

    private String text(int offset, long length) {
        byte[] bytes = new byte[(int) length];
        buffer.getBytes(offset, bytes);
        return Corpus.text(bytes);
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        while (view.nextKey()) {
            assertEquals(keys.size(), view.keyIndex());
            keys.add(text(view.keyOffset(), view.keyLength()));
        }
        view.rewind();
        return keys;
    }

    private void assertFault(Fault fault, String head) {
        assertEquals(fault, wrap(head).fault(), head);
    }

    private String refusal(String head) {
        DirectBuffer reply = wrap(head).refusal();
        if (reply == null) {
            return null;
        }
        byte[] bytes = new byte[reply.capacity()];
        reply.getBytes(0, bytes);
        return Corpus.text(bytes);
    }

    @Test
    void shouldFindKeys() {
        wrap("get a\r\n");
        assertEquals(List.of("a"), keys());
        wrap("gets  a bb \u00e9  a\n");
        assertEquals(List.of("a", "bb", "\u00e9", "a"), keys());
        assertEquals(4, view.keyCount());
        wrap("gat 10 " + "k ".repeat(300) + "\r\n");
        assertEquals(300, keys().size());
        wrap("set key 0 0 1\r\nx\r\n");
        assertEquals(List.of("key"), keys());
        wrap("mg key v\r\n");
        assertEquals(List.of("key"), keys());
        wrap("stats items\r\n");
        assertEquals(List.of(), keys());
        wrap("foo bar\r\n");
        assertEquals(List.of(), keys());
    }

    /** What the framer tells of a get of one key is what the view tells. */
    @Test
    void shouldNotBeNeededForAPlainGet() {
        RequestFramer framer = new RequestFramer(FrameLimits.defaults());
        for (String line : List.of("get a", "gets  key ", "gat 10 b", "gat 10", "get a b", "get", "get a\u0001",
            "get a\u007f",
            "get " + "k".repeat(250), "get " + "k".repeat(251), "delete a", "mg a", "stats", "gett a",
            "get\u0001 a", "get a\r")) {
            String head = line + "\r\n";
            UnsafeBuffer bytes = new UnsafeBuffer(Corpus.bytes(head));
            assertEquals(Framer.MESSAGE, framer.scan(bytes, 0, head.length()));
            wrap(head);
            boolean plain = view.fault() == Fault.NONE && view.command().family() == Family.RETRIEVE
                && view.keyCount() == 1;
            assertEquals(plain, framer.isPlainGet(), line);
            if (plain) {
                assertTrue(view.nextKey());
                assertEquals(view.keyOffset() - SHIFT, framer.keyOffset());
                assertEquals(view.keyLength(), framer.keyLength());
            }
        }
    }

    @Test
    void shouldReadNumbersAndData() {
        wrap("cas k 4294967295 -7 5 18446744073709551615 noreply\r\nhello\r\n");
        assertEquals(Fault.NONE, view.fault());
        assertEquals(4294967295L, view.number(Field.FLAGS));
        assertEquals(-7, view.number(Field.EXPTIME));
        assertEquals(-1L, view.number(Field.CAS));
        assertTrue(view.isNoreply());
        assertEquals("noreply", text(view.lastWordOffset(), 7));
        assertEquals("hello", text(view.dataOffset(), view.dataLength()));
        assertFalse(view.isBody());
        wrap("touch k 60\r\n");
        assertTrue(view.hasNumber(Field.EXPTIME));
        assertEquals(60, view.number(Field.EXPTIME));
        assertFalse(view.hasNumber(Field.FLAGS));
        assertFalse(view.hasData());
        assertFalse(wrap("touch k x\r\n").hasNumber(Field.EXPTIME));
        assertFalse(wrap("flush_all\r\n").hasNumber(Field.EXPTIME));
        assertFalse(wrap("nothing\r\n").hasNumber(Field.EXPTIME));
    }

    @Test
    void shouldTellABody() {
        wrap("set k 0 0 10\r\n\r\n", 10);
        assertEquals(Fault.NONE, view.fault());
        assertTrue(view.isBody());
        assertEquals(10, view.dataLength());
        assertEquals(Fault.BAD_DATA_CHUNK, wrap("set k 0 0 10\r\nxx", 10).fault());
        assertThrows(IllegalStateException.class, () -> wrap("set k 0 0 10\r\n\r\n", 11));
        assertThrows(IllegalStateException.class, () -> wrap("set k 0 0 10"));
    }

    @Test
    void shouldFindMetaFlags() {
        wrap("mg key v  k Oabc q T-1\r\n");
        assertTrue(view.isQuiet());
        assertTrue(view.findFlag('O'));
        assertEquals("Oabc", text(view.flagOffset(), view.flagLength()));
        assertTrue(view.findFlag('T'));
        assertEquals("T-1", text(view.flagOffset(), view.flagLength()));
        assertFalse(view.findFlag('b'));
        assertFalse(view.hasFlag('m'));
        wrap("ms key 2 q\r\nqq\r\n");
        assertTrue(view.isQuiet());
        assertFalse(wrap("ms q 2\r\nqq\r\n").isQuiet());
        assertFalse(wrap("me k q\r\n").isQuiet());
        assertFalse(wrap("get q\r\n").isQuiet());
    }

    @Test
    void shouldKnowNoreplyOnlyWhereItIs() {
        for (String yes : List.of("set k 0 0 0 noreply\r\n\r\n", "incr k 1 noreply\r\n", "delete k noreply\r\n",
            "delete k 0 noreply\r\n", "touch k 1 noreply\r\n", "flush_all noreply\r\n", "verbosity 1 noreply\r\n")) {
            assertTrue(wrap(yes).isNoreply(), yes);
            assertEquals(Fault.NONE, view.fault(), yes);
        }
        for (String no : List.of("delete noreply\r\n", "get noreply\r\n", "set noreply 0 0 0\r\n\r\n",
            "mg k noreply\r\n",
            "set k 0 0 0 NOREPLY\r\n\r\n", "set k 0 0 0 noreply2\r\n\r\n", "incr k 1 noreply x\r\n",
            "stats noreply\r\n")) {
            assertFalse(wrap(no).isNoreply(), no);
        }
    }

    @Test
    void shouldRefuseInTheWordsOfMemcached() {
        assertEquals("ERROR\r\n", refusal("foo\r\n"));
        assertEquals("ERROR\r\n", refusal("\r\n"));
        assertEquals("ERROR\r\n", refusal("set k 0 0\r\n"));
        assertEquals("CLIENT_ERROR bad command line format\r\n", refusal("get " + "k".repeat(251) + "\r\n"));
        assertEquals("CLIENT_ERROR bad command line format\r\n", refusal("me\r\n"));
        assertEquals("CLIENT_ERROR options flags are too long\r\n", refusal("mg k" + " v".repeat(18) + "\r\n"));
        assertEquals("CLIENT_ERROR options flags too long\r\n", refusal("md k" + " v".repeat(18) + "\r\n"));
        assertEquals("CLIENT_ERROR bad data chunk\r\n", refusal("set k 0 0 1\r\nxyz"));
        assertEquals("SERVER_ERROR object too large for cache\r\n", refusal("set k 0 0 1\r\n"));
        assertNull(refusal("set k 0 0 1 noreply\r\nxyz"));
        assertEquals("ERROR\r\n", refusal("set k 0 0 1 x noreply\r\na\r\n"));
        assertTrue(refusal("watch\r\n").startsWith("CLIENT_ERROR watch is not supported by this proxy: it takes"));
        assertNull(refusal("POST / HTTP/1.1\r\n"));
        assertFault(Fault.HTTP, "POST / HTTP/1.1\r\n");
    }

    @Test
    void shouldRefuseControlBytesAnywhereInALine() {
        for (String line : List.of("get a\u0001b", "get a b\u007f", "get a\rb", "get a\r\r",
            "set k 0 0 0 norep\u0000ly",
            "mg k O\t", "stats \u001f", "delete \u0000")) {
            String data = line.startsWith("set") ? "\r\n" : "";
            assertFault(Fault.BAD_FORMAT, line + "\r\n" + data);
        }
        assertFault(Fault.NONE, "get " + "\u0080\u00ff~!\r\n");
        assertFault(Fault.ERROR, "get\t a\r\n");
    }

    @Test
    void shouldRefuseNumbersOfStorageCommandsThatAServerMayRefuse() {
        for (String line : List.of("set k x 0 1", "set k -1 0 1", "set k +1 0 1", "set k 0 0x 1", "set k 0 - 1",
            "set k 18446744073709551616 0 1", "set k 0 9223372036854775808 1", "cas k 0 0 1 x", "cas k 0 0 1 -1")) {
            assertFault(Fault.BAD_FORMAT, line + "\r\na\r\n");
        }
        for (String line : List.of("set k 18446744073709551615 0 1", "set k 0 9223372036854775807 1", "set k 007 -0 01",
            "cas k 0 0 1 18446744073709551615")) {
            assertFault(Fault.NONE, line + "\r\na\r\n");
        }
    }
}
