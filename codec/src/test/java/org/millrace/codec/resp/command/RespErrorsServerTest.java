package org.millrace.codec.resp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Our error texts against those of the installed server. */
class RespErrorsServerTest {
    private static RedisServer server;
    private static RespClient client;

    private final UnsafeBuffer out = new UnsafeBuffer(new byte[RespErrors.MAX_LENGTH]);
    private final KeyList found = new KeyList();

    @BeforeAll
    static void start() throws IOException {
        server = RedisServer.start();
        client = server.connect();
    }

    @AfterAll
    static void stop() throws IOException {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void shouldNameUnknownCommandsAsTheServerDoes() throws IOException {
        unknown("FOO");
        unknown("foo", "a", "b");
        unknown("");
        unknown("x".repeat(300), "y".repeat(300), "z");
        unknown("foo", "");
        unknown("foo", "a\r\nb", "c\nd", "'quoted'");
        unknown("fo\0o", "a\0b", "c");
        unknown("foo", "y".repeat(127), "zz", "zz");
        unknown("foo", "y".repeat(124), "zz", "zz");
        unknown("foo", "\u00e9\u00ff", "\u0001");
    }

    @Test
    void shouldNameRandomUnknownCommandsAsTheServerDoes() throws IOException {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            final String[] words = new String[1 + random.nextInt(6)];
            for (int i = 0; i < words.length; i++) {
                final StringBuilder word = new StringBuilder(i == 0 ? "!" : "");
                for (int n = random.nextInt(random.nextBoolean() ? 10 : 150); n > 0; n--) {
                    word.append((char) random.nextInt(256));
                }
                words[i] = word.toString();
            }
            unknown(words);
        }
    }

    private void unknown(String... words) throws IOException {
        final Requests request = new Requests(words);
        final int length = RespErrors.unknownCommand(request.head, request.view, out, 0);
        final RespClient.Failure theirs = (RespClient.Failure) client.call(words);
        assertEquals("-" + theirs.text() + "\r\n", Requests.text(out, 0, length));
    }

    @Test
    void shouldNameUnknownSubcommandsAsTheServerDoes() throws IOException {
        for (String[] words : List.of(new String[] {"CLIENT", "foo"}, new String[] {"object", "bAr", "x"},
            new String[] {"config", "x".repeat(200)}, new String[] {"XINFO", "a\r\n\0b"}, new String[] {"acl", ""})) {
            final Requests request = new Requests(words);
            final Command container = CommandTable.standard().byName(words[0]);
            final int length = RespErrors.unknownSubcommand(container, request.head, request.view, out, 0);
            final RespClient.Failure theirs = (RespClient.Failure) client.call(words);
            assertEquals("-" + theirs.text() + "\r\n", Requests.text(out, 0, length));
        }
    }

    @Test
    void shouldWordWrongArityAsTheServerDoes() throws IOException {
        int compared = 0;
        for (int id = 0; id < CommandTable.standard().idCount(); id++) {
            final Command command = CommandTable.standard().byId(id);
            final List<String> words = new ArrayList<>(List.of(command.name().split("\\|")));
            if (command.acceptsWords(words.size())) {
                words.add("more");
            }
            // EXEC words its error in a way of its own.
            if (command.acceptsWords(words.size()) || command.isContainer() && words.size() > 1
                || !isKnown(command) || command.name().equals("exec")) {
                continue;
            }
            compared++;
            assertEquals(new RespClient.Failure(Requests.error(command.arityError())),
                client.call(words.toArray(new String[0])));
        }
        assertTrue(compared > 250, "only " + compared);
    }

    @Test
    void shouldWordBadKeyCountsAsTheServerDoes() throws IOException {
        int compared = 0;
        for (int id = 0; id < CommandTable.standard().idCount(); id++) {
            final Command command = CommandTable.standard().byId(id);
            final KeySpec.Tail tail = command.keySpec().tail();
            // The server looks for the script or function before it counts the keys.
            if (tail.kind() != KeySpec.TailKind.NUMKEYS || command.treatment() != Treatment.FORWARD
                || !isKnown(command) || tail.wording() == NumkeysWording.FUNCTION) {
                continue;
            }
            for (String numkeys : List.of("x", "", "-1", "0", "99", "01", "+1", " 1", "1.0", "9223372036854775807",
                "9223372036854775808")) {
                final List<String> words = new ArrayList<>(List.of(command.name()));
                while (words.size() < tail.from()) {
                    words.add("s".repeat(40));
                }
                words.addAll(List.of(numkeys, "k", "MIN"));
                compared += compare(command, words.toArray(new String[0]));
            }
        }
        assertTrue(compared > 80, "only " + compared);
    }

    @Test
    void shouldWordOtherKeyErrorsAsTheServerDoes() throws IOException {
        for (String line : List.of("MSET a 1 b", "MSETNX a 1 b", "XREAD STREAMS a b c", "XREAD COUNT 1 a b",
            "XREAD COUNT 1 COUNT 1", "XREADGROUP GROUP g c STREAMS a b c", "XREADGROUP GROUP g c COUNT 1 NOACK")) {
            final String[] words = line.split(" ");
            assertNotEquals(0, compare(Requests.command(words), words), line);
        }
    }

    private int compare(Command command, String... words) throws IOException {
        final Requests request = new Requests(words);
        final int result = KeyFinder.find(command, request.head, request.view, found);
        if (result == KeyFinder.OK || result == KeyFinder.NO_KEY) {
            return 0;
        }
        assertEquals(client.call(words), new RespClient.Failure(Requests.error(command.keyError(result))),
            String.join(" ", words));
        return 1;
    }

    private static boolean isKnown(Command command) throws IOException {
        return ((List<?>) client.call("COMMAND", "INFO", command.name())).get(0) != null;
    }

    @Test
    void shouldSayWhyACommandIsRefused() {
        assertEquals("ERR 'multi' is not supported by this proxy: a transaction needs a connection of its own and all "
            + "its keys on one server", Requests.error(CommandTable.standard().byName("MULTI").refusal()));
        assertEquals("-CROSSSLOT Keys in request don't hash to the same server\r\n",
            Requests.text(RespErrors.CROSSSLOT));
    }
}
