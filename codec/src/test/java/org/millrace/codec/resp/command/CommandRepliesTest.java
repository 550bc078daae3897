package org.millrace.codec.resp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

/** The shape of the replies to COMMAND and HELP. */
class CommandRepliesTest {
    private static final CommandTable TABLE = CommandTable.standard();
    private static final CommandReplies REPLIES = CommandReplies.standard();

    private final CommandQueries queries = new CommandQueries(TABLE, REPLIES);
    private final ExpandableArrayBuffer out = new ExpandableArrayBuffer();

    @Test
    void shouldTellEveryCommandInTenFields() throws IOException {
        final List<?> all = (List<?>) parse(REPLIES.all());
        assertEquals(TABLE.count(), all.size());
        assertEquals((long) TABLE.count(), parse(REPLIES.count()));
        assertEquals(TABLE.commands().stream().map(Command::name).toList(), parse(REPLIES.list()));
        for (Object entry : all) {
            assertEquals(10, ((List<?>) entry).size());
        }
        assertEquals(List.of("mset", -3L, List.of("write", "denyoom"), 1L, -1L, 2L, List.of(), List.of(), List.of(),
            List.of()), parse(REPLIES.info(TABLE.byName("mset"))));
        final List<?> subs = (List<?>) ((List<?>) parse(REPLIES.info(TABLE.byName("object")))).get(9);
        assertEquals("object|encoding", ((List<?>) subs.get(0)).get(0));
    }

    @Test
    void shouldAnswerInfoForKnownAndUnknownNames() throws IOException {
        final List<?> reply = (List<?>) query("COMMAND", "INFO", "GET", "nosuch", "client|SETNAME", "client|nosuch");
        assertEquals(4, reply.size());
        assertEquals("get", ((List<?>) reply.get(0)).get(0));
        assertNull(reply.get(1));
        assertEquals("client|setname", ((List<?>) reply.get(2)).get(0));
        assertNull(reply.get(3));
    }

    @Test
    void shouldDocumentEveryCommand() throws IOException {
        assertEquals(2 * TABLE.count(), ((List<?>) parse(REPLIES.allDocs())).size());
        final List<?> reply = (List<?>) query("COMMAND", "DOCS", "nosuch", "multi");
        assertEquals("multi", reply.get(0));
        assertEquals(List.of("summary", "Not supported by this proxy: " + TABLE.byName("multi").reason() + ".", "group",
            "transactions"), reply.get(1));
        assertEquals(2, reply.size());
    }

    @Test
    void shouldTellKeysOrWhyThereAreNone() throws IOException {
        assertEquals(List.of("a", "b"), query("COMMAND", "GETKEYS", "MSET", "a", "1", "b", "2"));
        assertEquals(List.of("k"), query("COMMAND", "GETKEYS", "OBJECT", "ENCODING", "k"));
        assertEquals(List.of("s"), query("COMMAND", "GETKEYS", "XREAD", "BLOCK", "0", "STREAMS", "s", "0"));
        assertFailure("ERR Invalid command specified", "nosuch", "a");
        assertFailure("ERR The command has no key arguments", "PING");
        assertEquals(List.of(), query("COMMAND", "GETKEYS", "EVAL", "x", "0"));
        assertFailure("ERR The command has no key arguments", "SPUBLISH", "channel", "text");
        assertFailure("ERR Invalid number of arguments specified for command", "GET", "a", "b");
        assertFailure("ERR Invalid arguments specified for command", "ZUNION", "x", "b");
    }

    @Test
    void shouldBoundTheListOfKeys() throws IOException {
        final String[] words = new String[2 + 1 + 200];
        Arrays.fill(words, "k".repeat(4096));
        words[0] = "COMMAND";
        words[1] = "GETKEYS";
        words[2] = "DEL";
        assertEquals(200, ((List<?>) query(words)).size());
        final String[] more = Arrays.copyOf(words, 2 + 1 + 260);
        Arrays.fill(more, words.length, more.length, words[3]);
        final int before = out.capacity();
        assertEquals(new RespClient.Failure("ERR too many keys, the limit of this list is 1048576 bytes"), query(more));
        assertEquals(before, out.capacity(), "grew for a list that is not given");
    }

    @Test
    void shouldBoundTheNamesOfOneQuestion() throws IOException {
        final String[] words = new String[CommandQueries.MAX_NAMES + 3];
        Arrays.fill(words, "cluster");
        words[0] = "COMMAND";
        words[1] = "INFO";
        assertTrue(query(words) instanceof RespClient.Failure);
    }

    @Test
    void shouldHelpWithEveryContainer() throws IOException {
        for (Command command : TABLE.commands()) {
            if (command.isContainer()) {
                assertEquals(1 + 2 * command.subcommands().size(),
                    ((List<?>) parse(REPLIES.help(command))).size());
            } else {
                assertNull(REPLIES.help(command));
            }
        }
    }

    private void assertFailure(String text, String... words) throws IOException {
        final String[] asked = new String[words.length + 2];
        asked[0] = "COMMAND";
        asked[1] = "GETKEYS";
        System.arraycopy(words, 0, asked, 2, words.length);
        assertEquals(new RespClient.Failure(text), query(asked));
    }

    private Object query(String... words) throws IOException {
        final Requests request = new Requests(words);
        final int length = switch (words[1]) {
            case "INFO" -> queries.info(request.head, request.view, out, 5);
            case "DOCS" -> queries.docs(request.head, request.view, out, 5);
            default -> queries.getKeys(request.head, request.view, out, 5);
        };
        return parse(Requests.text(out, 5, length));
    }

    private static Object parse(DirectBuffer reply) throws IOException {
        return parse(Requests.text(reply));
    }

    private static Object parse(String reply) throws IOException {
        final DataInputStream in = new DataInputStream(
            new ByteArrayInputStream(reply.getBytes(StandardCharsets.ISO_8859_1)));
        final Object parsed = RespClient.read(in);
        assertEquals(0, in.available());
        return parsed;
    }
}
