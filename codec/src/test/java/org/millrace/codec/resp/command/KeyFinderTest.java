package org.millrace.codec.resp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.millrace.codec.Allocation;

/** Keys of requests without a server to compare with. */
class KeyFinderTest {
    private final KeyList found = new KeyList();

    @Test
    void shouldFindKeysOfEveryForm() {
        assertKeys("a", "GET a");
        assertKeys("a b c", "MGET a b c");
        assertKeys("a c", "MSET a 1 c 2");
        assertKeys("a b", "BLPOP a b 0");
        assertKeys("d a b", "ZUNIONSTORE d 2 a b WEIGHTS 1 2");
        assertKeys("a b", "EVAL script 2 a b c");
        assertKeys("a b", "MSETEX 2 a 1 b 2 EX 10");
        assertKeys("a", "SORT a BY STORE GET STORE LIMIT 0 1");
        assertKeys("a d", "sort a STORE c DESC store d");
        assertKeys("a e", "GEORADIUS a 1 2 3 m STORE d STOREDIST e");
        assertKeys("a b", "XREAD COUNT 1 STREAMS a b 0 0");
        assertKeys("streams b", "XREADGROUP GROUP streams streams NOACK STREAMS streams b > >");
        assertKeys("a", "MIGRATE host 1 a 0 10 KEYS b c", Treatment.REFUSE);
        assertKeys("b c", "MIGRATE host 1 '' 0 10 AUTH keys KEYS b c", Treatment.REFUSE);
        assertKeys("k", "OBJECT ENCODING k");
        assertKeys("a b", "TS.MADD a 1 2 b 3 4");
    }

    @Test
    void shouldTellWhyThereAreNoKeys() {
        assertResult(KeyFinder.NO_KEY, "EVAL script 0 a");
        assertResult(KeyFinder.NUMKEYS_NOT_INTEGER, "EVAL script x");
        assertResult(KeyFinder.NUMKEYS_NOT_INTEGER, "EVAL script 01 a");
        assertResult(KeyFinder.NUMKEYS_NOT_INTEGER, "EVAL script +1 a");
        assertResult(KeyFinder.NUMKEYS_NOT_INTEGER, "EVAL script 99999999999999999999 a");
        assertResult(KeyFinder.NUMKEYS_TOO_FEW, "EVAL script -1 a");
        assertResult(KeyFinder.NUMKEYS_TOO_FEW, "ZUNION 0 a");
        assertResult(KeyFinder.NUMKEYS_TOO_MANY, "EVAL script 2 a");
        assertResult(KeyFinder.NUMKEYS_TOO_MANY, "EVAL script 9223372036854775807 a");
        assertResult(KeyFinder.NUMKEYS_TOO_MANY, "MSETEX 4611686018427387905 a 1");
        assertResult(KeyFinder.NUMKEYS_TOO_MANY, "MSETEX 2 a 1 b");
        assertResult(KeyFinder.ODD_WORDS, "MSET a 1 b");
        assertResult(KeyFinder.UNBALANCED, "XREAD STREAMS a b 0");
        assertResult(KeyFinder.SYNTAX, "XREAD COUNT 1 a 0");
        assertResult(KeyFinder.SYNTAX, "XREAD COUNT 1 COUNT 2");
        assertResult(KeyFinder.BLOCKS, "XREAD BLOCK 0 STREAMS a 0");
        assertResult(KeyFinder.BLOCKS, "XREADGROUP GROUP g c block 1 COUNT 1 STREAMS a 0");
    }

    @Test
    void shouldTellIndexOffsetAndLength() {
        final Requests request = new Requests("ZUNIONSTORE", "dest", "2", "x", "yy");
        assertEquals(KeyFinder.OK, KeyFinder.find(Requests.command("zunionstore"), request.head, request.view, found));
        assertEquals(3, found.size());
        assertEquals(List.of("dest", "x", "yy"), Requests.keys(request, found));
        assertEquals(List.of(1, 3, 4), List.of(found.argumentIndex(0), found.argumentIndex(1), found.argumentIndex(2)));
        assertEquals(-1, found.bodyIndex(2));
    }

    @Test
    void shouldFindKeysOfAWrappedRequest() {
        final Requests request = new Requests("COMMAND", "GETKEYS", "SORT", "a", "STORE", "b");
        assertEquals(KeyFinder.OK, KeyFinder.find(Requests.command("sort"), request.head, request.view, 2, found));
        assertEquals(List.of("a", "b"), Requests.keys(request, found));
        assertEquals(3, found.argumentIndex(1));
    }

    @Test
    void shouldTellKeysThatAreBodies() {
        final Requests plain = new Requests("MSET", "a", "1", "b", "2");
        final String[] words = {"MSET", "a", "v".repeat(40), "k".repeat(50), "2"};
        final byte[] head = "*5\r\n$4\r\nMSET\r\n$1\r\na\r\n$40\r\n\r\n$50\r\n\r\n$1\r\n2\r\n".getBytes(
            StandardCharsets.US_ASCII);
        plain.head.wrap(head);
        plain.view.wrap(plain.head, 0, head.length, 32);
        assertEquals(KeyFinder.OK, KeyFinder.find(Requests.command(words), plain.head, plain.view, found));
        assertEquals(-1, found.bodyIndex(0));
        assertEquals(1, found.bodyIndex(1));
        assertEquals(50, found.length(1));
        assertEquals(3, found.argumentIndex(1));
    }

    @Test
    void shouldSurviveRandomRequestsOfEveryCommand() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final String[] pool = {"1", "2", "0", "-1", "", "STORE", "STREAMS", "KEYS", "BLOCK", "COUNT", "GET", "LIMIT",
            "k"};
        for (int round = 0; round < 100; round++) {
            for (int id = 0; id < CommandTable.standard().idCount(); id++) {
                final Command command = CommandTable.standard().byId(id);
                final String[] words = new String[Math.abs(command.arity()) + random.nextInt(6)];
                words[0] = command.name();
                for (int i = 1; i < words.length; i++) {
                    words[i] = pool[random.nextInt(pool.length)];
                }
                final Requests request = new Requests(words);
                final int result = KeyFinder.find(command, request.head, request.view, found);
                final String hint = "seed " + seed + " " + String.join(" ", words);
                if (result == KeyFinder.OK) {
                    assertTrue(found.size() > 0, hint);
                    for (int i = 0; i < found.size(); i++) {
                        assertEquals(words[found.argumentIndex(i)], Requests.keys(request, found).get(i), hint);
                    }
                } else {
                    assertNotNull(command.keyError(result), hint);
                }
            }
        }
    }

    @Test
    void shouldAllocateNothing() {
        final List<Requests> requests = new ArrayList<>();
        final List<Command> commands = new ArrayList<>();
        for (String line : List.of("MGET a b c d", "ZUNIONSTORE d 2 a b", "SORT a STORE b", "XREAD STREAMS a b 0 0")) {
            requests.add(new Requests(line.split(" ")));
            commands.add(Requests.command(line.split(" ")));
        }
        Allocation.assertNone(() -> {
            for (int i = 0; i < 4_000; i++) {
                final Requests request = requests.get(i & 3);
                assertEqualInts(KeyFinder.OK, KeyFinder.find(commands.get(i & 3), request.head, request.view, found));
            }
        });
    }

    private static void assertEqualInts(int expected, int actual) {
        if (expected != actual) {
            throw new AssertionError(actual);
        }
    }

    private void assertKeys(String keys, String line) {
        assertKeys(keys, line, null);
    }

    private void assertKeys(String keys, String line, Treatment treatment) {
        final String[] words = line.replace("''", "").split(" ");
        final Requests request = new Requests(words);
        final Command command = Requests.command(words);
        assertEquals(KeyFinder.OK, KeyFinder.find(command, request.head, request.view, found), line);
        assertEquals(List.of(keys.split(" ")), Requests.keys(request, found), line);
        if (treatment != null) {
            assertEquals(treatment, command.treatment());
        }
    }

    private void assertResult(int result, String line) {
        final Requests request = new Requests(line.split(" "));
        final Command command = Requests.command(line.split(" "));
        assertEquals(result, KeyFinder.find(command, request.head, request.view, found), line);
        assertTrue(Requests.error(command.keyError(result)).startsWith("ERR "));
    }
}
