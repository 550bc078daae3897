package org.millrace.codec.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.millrace.codec.Damage;
import org.millrace.codec.Feeder;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.memcached.command.Command;
import org.millrace.codec.memcached.command.Family;
import org.millrace.codec.memcached.command.Fault;
import org.millrace.codec.memcached.command.ReplyType;

/**
 * The same streams, well-formed and damaged, to the installed memcached and to our framers: each request that would be
 * sent on is answered by exactly one reply that fits it, and each that we refuse is refused by memcached in the same
 * words.
 *
 * <p>What comes before the first difference on purpose is compared alone. These are:
 * <ul>
 * <li>the data of a refused storage line is never executed (1.6.18 does, newer ones do not);
 * <li>control bytes are refused in every line, and in a length they end the connection, as do signs;
 * <li>gat without a key is an error;
 * <li>what looks like HTTP ends the connection whatever its first letter;
 * <li>commands for one server alone are refused with the reason;
 * <li>of an ms with bad flags and bad data, the data is told (compared for its kind).
 * </ul>
 */
final class MemcachedFramingTest {
    private static final int ROUNDS = 1500;
    private static final int THRESHOLD = 16 << 10;
    private static final FrameLimits LIMITS = new FrameLimits(512L << 20, 2 << 20, 1 << 20, 8, 64 << 10, THRESHOLD);

    private static MemcachedServer server;

    private final RequestView view = new RequestView();
    private List<Feeder.Frame> replies;
    private int next;
    /** There is no barrier behind each quiet request, and not all data of each length. */
    private boolean damaged;

    @BeforeAll
    static void startMemcached() throws IOException {
        server = MemcachedServer.start();
    }

    @AfterAll
    static void stopMemcached() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void shouldFrameWellFormedStreamsAsMemcached() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RandomCommands commands = new RandomCommands(random, false, 250);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder stream = new StringBuilder();
            for (int i = random.nextInt(30); i >= 0; i--) {
                stream.append(commands.good());
            }
            assertTrue(compare(stream.toString(), random, "seed " + seed + " round " + round), "compared to its end");
        }
    }

    /** A barrier behind each request tells which of them got a reply. */
    @Test
    void shouldKnowWhichRequestsGetNoReply() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RandomCommands commands = new RandomCommands(random, true, 250);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder stream = new StringBuilder();
            for (int i = random.nextInt(30); i >= 0; i--) {
                stream.append(commands.good()).append("mn\r\n");
            }
            assertTrue(compare(stream.toString(), random, "seed " + seed + " round " + round), "compared to its end");
        }
    }

    /** A barrier before each: memcached 1.6.18 forgets replies not yet sent when a key of a get is too long. */
    @Test
    void shouldRefuseInTheWordsOfMemcached() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RandomCommands commands = new RandomCommands(random, true, 250);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder stream = new StringBuilder();
            for (int i = random.nextInt(10); i >= 0; i--) {
                stream.append(random.nextInt(4) == 0 ? commands.badData() + "\r\n" : commands.bad()).append("mn\r\n");
            }
            compare(stream.toString(), random, "seed " + seed + " round " + round);
        }
    }

    /** Keys are short, lest two of them make one that is too long: see above. */
    @Test
    void shouldFrameDamagedStreamsAsMemcached() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RandomCommands commands = new RandomCommands(random, false, 40);
        damaged = true;
        int whole = 0;
        for (int round = 0; round < 3 * ROUNDS; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(6); i >= 0; i--) {
                text.append(commands.good());
            }
            byte[] stream = Corpus.bytes(text.toString());
            for (int i = random.nextInt(3); i >= 0; i--) {
                stream = Damage.apply(stream, random, Corpus.LIKELY);
            }
            if (compare(Corpus.text(stream), random, "seed " + seed + " round " + round)) {
                whole++;
            }
        }
        assertTrue(whole > ROUNDS, "only " + whole + " streams were compared to their end");
    }

    @Test
    void shouldSkipTooLargeDataAsMemcached() throws IOException {
        String data = "x".repeat(3 << 20);
        for (String line : List.of("set k 0 0 ", "add k 0 0 ", "ms k ")) {
            String stream = Corpus.store(line + data.length(), data) + "mn\r\n" + "get k\r\n";
            assertTrue(compare(stream, new Random(1), line));
        }
        String silent = Corpus.store("set k 0 0 " + data.length() + " noreply", data) + "mn\r\n";
        assertTrue(compare(silent, new Random(1), "noreply"));
    }

    @Test
    void shouldEndAtLinesWithoutEndAsMemcached() throws IOException {
        for (String start : List.of("x", "set k 0 0 ", "mg k O", "touch k ")) {
            String stream = "mn\r\n" + start + "1".repeat(3000);
            assertEquals("MN\r\n", server.answers(Corpus.bytes(stream)), start);
            assertEquals("line too long", Feeder.feed(new RequestFramer(LIMITS), Corpus.bytes(stream)).error());
        }
        String many = "get" + " key".repeat(5000) + "\r\n";
        assertTrue(compare(many, new Random(1), "many keys"));
    }

    @Test
    void shouldPassLargeValuesThroughBothFramers() throws IOException {
        String data = "\r\nEND\r\n".repeat(100_000);
        String stream = Corpus.store("set large 7 0 " + data.length(), data) + "get large large\r\nmg large v\r\n";
        assertTrue(compare(stream, new Random(1), "large"));
        assertEquals("VALUE large 7 700000\r\n" + data + "\r\n" + "VALUE large 7 700000\r\n" + data + "\r\nEND\r\n",
            replies.get(1).message());
        assertFalse(replies.get(1).head().contains("END\r\nEND"));
    }

    /** True if the stream was compared to its end, false if only what comes before the first difference on purpose. */
    private boolean compare(String stream, Random random, String hint) throws IOException {
        int[] cuts = random.ints(random.nextInt(5), 0, stream.length() + 1).sorted().toArray();
        RequestFramer framer = new RequestFramer(LIMITS);
        Feeder requests = Feeder.feed(framer, Corpus.bytes(stream), cuts);
        StringBuilder before = new StringBuilder();
        for (Feeder.Frame frame : requests.frames()) {
            wrap(frame);
            if (isDifferent(frame.head())) {
                compareAnswers(before.toString(), random, hint);
                return false;
            }
            before.append(frame.message());
        }
        boolean whole = requests.error() == null && framer.isBetweenMessages();
        compareAnswers(whole ? stream : before.toString(), random, hint);
        return whole;
    }

    private void compareAnswers(String stream, Random random, String hint) throws IOException {
        String where = hint + ": " + (stream.length() > 3000 ? stream.substring(0, 3000) : stream);
        String answers = server.answers(Corpus.bytes(stream));
        int[] cuts = random.ints(random.nextInt(5), 0, answers.length() + 1).sorted().toArray();
        Feeder feeder = Feeder.feed(new ReplyFramer(LIMITS), Corpus.bytes(answers), cuts);
        assertNull(feeder.error(), where);
        replies = feeder.frames();
        StringBuilder framed = new StringBuilder();
        replies.forEach(reply -> framed.append(reply.message()));
        assertEquals(answers, framed.toString(), where);
        next = 0;
        for (Feeder.Frame frame : Feeder.feed(new RequestFramer(LIMITS), Corpus.bytes(stream)).frames()) {
            wrap(frame);
            if (view.fault() != Fault.NONE) {
                assertRefused(view.refusal(), where + " at " + frame.head());
            } else if (view.command().name().equals("quit")) {
                break;
            } else if (!view.isNoreply()) {
                assertAnswered(view.command(), where + " at " + frame.head());
            }
        }
        assertEquals(replies.size(), next, where);
    }

    private void wrap(Feeder.Frame frame) {
        view.wrap(new UnsafeBuffer(Corpus.bytes(frame.head())), 0, frame.head().length(), THRESHOLD);
    }

    private void assertRefused(DirectBuffer refusal, String where) {
        if (refusal != null) {
            byte[] text = new byte[refusal.capacity()];
            refusal.getBytes(0, text);
            assertTrue(next < replies.size(), where);
            String theirs = replies.get(next++).message();
            boolean flagsToo = view.fault() == Fault.BAD_DATA_CHUNK && view.command().family() == Family.META;
            if (flagsToo) {
                assertTrue(theirs.startsWith("CLIENT_ERROR "), where);
            } else {
                assertEquals(Corpus.text(text), theirs, where);
            }
        }
        if (view.hasData() && view.fault() != Fault.BAD_DATA_CHUNK && view.fault() != Fault.TOO_LARGE) {
            // the data of a bad line, executed
            assertEquals("ERROR\r\n", replies.get(next++).message(), where);
        }
    }

    private void assertAnswered(Command command, String where) {
        assertTrue(next < replies.size(), where);
        ReplyType type = type(replies.get(next));
        if (view.isQuiet() && type == ReplyType.MN) {
            return;
        }
        assertTrue(command.accepts(type), type + " " + where);
        assertFalse(view.isQuiet() && command.isKeptQuiet(type) && !view.hasFlag('N'), type + " " + where);
        next++;
    }

    private static ReplyType type(Feeder.Frame reply) {
        String word = reply.message().split("[ \r]", 2)[0];
        return Character.isDigit(word.charAt(0)) ? ReplyType.NUMBER : ReplyType.valueOf(word);
    }

    /** True if memcached does something else here on purpose. */
    private boolean isDifferent(String head) {
        int end = head.indexOf('\n');
        String line = head.substring(0, end > 0 && head.charAt(end - 1) == '\r' ? end - 1 : end);
        boolean control = line.chars().anyMatch(c -> c < ' ' || c == 127);
        boolean executed = view.hasData() && view.fault() != Fault.NONE && view.fault() != Fault.BAD_DATA_CHUNK
            && view.fault() != Fault.TOO_LARGE && !head.endsWith("\r\nabcd\r\n");
        boolean gat = view.fault() == Fault.ERROR && view.command() != null && view.command().name().startsWith("gat")
            && view.wordCount() == 2;
        // a length that damage has made is waited for beyond the end of the stream
        boolean unknown = damaged && (view.isQuiet() || view.fault() == Fault.TOO_LARGE);
        return control || executed || gat || unknown || view.fault() == Fault.HTTP || view.fault() == Fault.REFUSED;
    }
}
