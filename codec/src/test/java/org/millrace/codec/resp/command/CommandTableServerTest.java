package org.millrace.codec.resp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table against what the installed server says about itself. */
class CommandTableServerTest {
    /** Take one word more in versions after 7.0. */
    private static final Set<String> NEWER_ARITY = Set.of("zrank", "zrevrank");
    private static final int ROUNDS = 40;

    private static RedisServer server;
    private static RespClient client;
    private static final Map<String, List<?>> COMMANDS = new HashMap<>();

    private final KeyList found = new KeyList();

    @BeforeAll
    static void start() throws IOException {
        server = RedisServer.start();
        client = server.connect();
        collect((List<?>) client.call("COMMAND"));
        assertTrue(COMMANDS.size() > 200);
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

    private static void collect(List<?> entries) {
        for (Object entry : entries) {
            final List<?> fields = (List<?>) entry;
            COMMANDS.put((String) fields.get(0), fields);
            if (fields.size() > 9) {
                collect((List<?>) fields.get(9));
            }
        }
    }

    @Test
    void shouldKnowEveryCommandOfTheServerWithItsArityAndFirstKeys() {
        COMMANDS.forEach((name, fields) -> {
            final Command command = CommandTable.standard().byName(name);
            assertNotNull(command, name);
            if (!NEWER_ARITY.contains(name)) {
                assertEquals(fields.get(1), (long) command.arity(), name);
            }
            assertEquals(fields.subList(3, 6), List.of((long) command.keySpec().first(),
                (long) command.keySpec().last(), (long) command.keySpec().step()), name);
            assertEquals(((List<?>) fields.get(9)).size() > 0, command.isContainer(), name);
        });
    }

    @Test
    void shouldHaveTheFlagsOfTheServer() {
        COMMANDS.forEach((name, fields) -> {
            final Command command = CommandTable.standard().byName(name);
            for (CommandFlag flag : CommandFlag.values()) {
                assertEquals(((List<?>) fields.get(2)).contains(flag.text()), command.is(flag), name + " " + flag);
            }
        });
    }

    @Test
    void shouldFindTheKeysThatTheServerFinds() throws IOException {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        int commands = 0;
        for (int id = 0; id < CommandTable.standard().idCount(); id++) {
            final Command command = CommandTable.standard().byId(id);
            if (!command.keySpec().hasKeys() || command.is(CommandFlag.PUBSUB)
                || !COMMANDS.containsKey(command.name())) {
                continue;
            }
            commands++;
            for (int round = 0; round < ROUNDS; round++) {
                compare(SampleRequests.make(command, arity(command), random), "seed " + seed);
            }
        }
        assertTrue(commands > 150, "only " + commands);
    }

    @Test
    void shouldFollowTheStoreOptionThatTheServerFollows() throws IOException {
        client.call("GEOADD", "g", "1", "1", "m");
        client.call("RPUSH", "l", "1", "2");
        assertStores("GEORADIUS g 1 1 9 km STORE d1 STORE d2");
        assertStores("GEORADIUS g 1 1 9 km STORE d1 STOREDIST d2 ASC");
        assertStores("GEORADIUSBYMEMBER g m 9 km STORE store ASC STOREDIST d2");
        assertStores("GEORADIUS g 1 1 9 km STORE STOREDIST COUNT 1");
        assertStores("SORT l STORE d1 STORE d2 ASC");
        assertStores("SORT l STORE get STORE d1");
        assertStores("SORT l BY STORE GET STORE LIMIT 0 1 STORE by");
        assertStores("SORT l STORE STORE");
    }

    /** Runs the command and looks which key it made: the one key that KeyFinder adds to the source. */
    private void assertStores(String line) throws IOException {
        final String[] words = line.split(" ");
        final Requests request = new Requests(words);
        final Command command = Requests.command(words);
        assertEquals(KeyFinder.OK, KeyFinder.find(command, request.head, request.view, found), line);
        final List<String> keys = Requests.keys(request, found);
        assertEquals(2, keys.size(), line);
        final Object reply = client.call(words);
        assertEquals(1L, client.call("DEL", keys.get(1)), line + " " + reply);
    }

    private static int arity(Command command) {
        return Math.toIntExact((Long) COMMANDS.get(command.name()).get(1));
    }

    private void compare(String[] words, String hint) throws IOException {
        final String[] asked = new String[words.length + 2];
        asked[0] = "COMMAND";
        asked[1] = "GETKEYS";
        System.arraycopy(words, 0, asked, 2, words.length);
        if (words[0].equals("pfmerge") && words.length == 2) {
            // Allowed, and the destination is a key; but GETKEYS finds no source and gives up.
            return;
        }
        final Object reply = client.call(asked);
        final Command command = Requests.command(words);
        final String line = hint + " " + String.join(" ", words) + " " + reply;
        final Requests request = new Requests(words);
        final int result = KeyFinder.find(command, request.head, request.view, found);
        assertTrue(reply instanceof List, line);
        if (((List<?>) reply).isEmpty()) {
            assertEquals(KeyFinder.NO_KEY, result, line);
            return;
        }
        assertTrue(result == KeyFinder.OK || result == KeyFinder.BLOCKS, line);
        // The server tells a destination last in some commands: the set counts.
        final List<String> theirs = new ArrayList<>();
        for (Object key : (List<?>) reply) {
            theirs.add((String) key);
        }
        final List<String> ours = Requests.keys(request, found);
        theirs.sort(null);
        ours.sort(null);
        assertEquals(theirs, ours, () -> line + " " + Arrays.toString(words));
    }
}
