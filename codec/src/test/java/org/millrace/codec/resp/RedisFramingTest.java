package org.millrace.codec.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.millrace.codec.Damage;
import org.millrace.codec.Feeder;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.GuardedBuffer;
import org.millrace.codec.ServerPort;

/**
 * The same streams, well-formed and damaged, to the installed Redis and to the request framer: as many answers as
 * requests, an error from one exactly when from the other, with the same text.
 *
 * <p>Two differences are on purpose and end the comparison of a stream: the framer checks the CRLF behind a value, and
 * the LF that ends a header line.
 */
final class RedisFramingTest {
    private static final int ROUNDS = 4000;
    private static final String ERROR_PREFIX = "-ERR Protocol error: ";
    private static final String OWN_ERROR = "expected CRLF after bulk";
    private static final FrameLimits LIMITS =
        new FrameLimits(Long.MAX_VALUE >> 1, 512L << 20, Integer.MAX_VALUE, 8, 64 << 10, Integer.MAX_VALUE);
    private static final String[] INLINE = {"PING\r\n", "ECHO \"a b\"\n", "\r\n", "  \r\n", "ping 'x\\'y'\r\n",
        "\"zz\\x41\" \"\\n\" q\r\n", "*0\r\n", "*-1\r\n", "*-7\r\n"};

    private static Process redis;
    private static Path folder;
    private static int port;

    @BeforeAll
    static void startRedis() throws IOException {
        port = ServerPort.find();
        folder = Files.createTempDirectory("millrace-framing");
        ProcessBuilder builder = new ProcessBuilder("redis-server", "--port", Integer.toString(port), "--save", "",
            "--bind", "127.0.0.1", "--dir", folder.toString());
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        try {
            redis = builder.start();
        } catch (IOException e) {
            Assumptions.abort("no redis-server is installed: " + e.getMessage());
        }
        awaitRedis();
    }

    private static void awaitRedis() throws IOException {
        long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (true) {
            try {
                assertEquals("+PONG\r\n", answers(Corpus.bytes("PING\r\n")));
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadlineNs || !redis.isAlive()) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    @AfterAll
    static void stopRedis() throws IOException, InterruptedException {
        if (redis != null) {
            redis.destroyForcibly().waitFor();
        }
        if (folder != null) {
            Files.deleteIfExists(folder);
        }
    }

    /** All that Redis answers to a stream: it ends the connection once it has read the end of ours. */
    private static String answers(byte[] stream) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(stream);
            socket.shutdownOutput();
            return Corpus.text(socket.getInputStream().readAllBytes());
        }
    }

    @Test
    void shouldFrameWellFormedStreamsAsRedis() throws IOException {
        compareRandomStreams(0, ROUNDS / 4);
    }

    @Test
    void shouldFrameDamagedStreamsAsRedis() throws IOException {
        compareRandomStreams(3, ROUNDS);
    }

    @Test
    void shouldEndOversizedLinesAsRedis() throws IOException {
        for (String start : List.of("x", "*1", "*1\r\n$1", "*1\r\nx")) {
            compare(Corpus.bytes("PING\r\n" + start + "1".repeat(70_000)), start);
        }
    }

    private static void compareRandomStreams(int damages, int rounds) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            byte[] stream = Corpus.bytes(stream(random));
            for (int i = 0; i < damages && (i == 0 || random.nextBoolean()); i++) {
                stream = Damage.apply(stream, random, Damage.RESP);
            }
            // Redis looks for line ends with C string functions, which a NUL stops
            for (int i = 0; i < stream.length; i++) {
                stream[i] = stream[i] == 0 ? (byte) 'z' : stream[i];
            }
            compare(stream, "seed " + seed + " round " + round + ": " + Corpus.text(stream));
        }
    }

    private static String stream(Random random) {
        StringBuilder stream = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            if (random.nextInt(3) == 0) {
                stream.append(INLINE[random.nextInt(INLINE.length)]);
            } else {
                String[] words = new String[1 + random.nextInt(4)];
                for (int word = 0; word < words.length; word++) {
                    words[word] = word == 0 ? random.nextBoolean() ? "PING" : "ECHO"
                        : "\r\n*$v ".substring(random.nextInt(6)) + "v".repeat(random.nextInt(130));
                }
                stream.append(Corpus.request(words));
            }
        }
        return stream.toString();
    }

    private static void compare(byte[] stream, String where) throws IOException {
        String answers = answers(stream);
        Feeder replies = Feeder.feed(new ReplyFramer(LIMITS), Corpus.bytes(answers));
        assertEquals(null, replies.error(), where);
        int answered = replies.frames().size();
        String last = answered == 0 ? "" : replies.frames().getLast().head();
        String redisError = last.startsWith(ERROR_PREFIX)
            ? last.substring(ERROR_PREFIX.length(), last.length() - 2) : null;
        int redisCount = redisError == null ? answered : answered - 1;

        RequestFramer framer = new RequestFramer(LIMITS);
        Feeder requests = Feeder.feed(framer, stream);
        String error = requests.error();
        int count = 0;
        for (Feeder.Frame frame : requests.frames()) {
            int length = frame.head().charAt(0) == '*' ? 1 : encodedLength(frame.head());
            if (length == InlineParser.UNBALANCED) {
                error = InlineParser.UNBALANCED_ERROR;
                break;
            }
            count += length == InlineParser.NO_WORDS ? 0 : 1;
        }
        if (isDeliberate(error, framer, stream)) {
            assertTrue(redisCount >= count, where);
            return;
        }
        assertEquals(redisError, error, where);
        assertEquals(redisCount, count, where);
    }

    private static int encodedLength(String line) {
        byte[] target = new byte[InlineParser.maxEncodedLength(line.length())];
        return InlineParser.encode(new UnsafeBuffer(Corpus.bytes(line)), 0, line.length(), new UnsafeBuffer(target), 0);
    }

    private static boolean isDeliberate(String error, RequestFramer framer, byte[] stream) {
        if (OWN_ERROR.equals(error)) {
            return true;
        }
        // the stream is one chunk, so the position tells the end of the bad header line
        int lineEnd = framer.position() - GuardedBuffer.MARGIN;
        return error != null && error.startsWith("invalid") && stream[lineEnd - 1] != '\n';
    }
}
