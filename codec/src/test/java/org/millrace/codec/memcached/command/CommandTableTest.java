package org.millrace.codec.memcached.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The table is read as it is written, and finds each of its commands. */
final class CommandTableTest {
    private static final CommandTable TABLE = CommandTable.standard();

    private static Command find(String name) {
        return TABLE.find(new UnsafeBuffer(("#" + name + "#").getBytes(StandardCharsets.ISO_8859_1)), 1, name.length());
    }

    @Test
    void shouldHoldWhatTwemproxyKnowsAndWhatItsUsersAskFor() {
        for (String name : ("get gets set add replace append prepend cas incr decr delete touch quit version gat gats "
            + "flush_all stats verbosity mg ms md ma mn me").split(" ")) {
            Command command = TABLE.byName(name);
            assertNotNull(command, name);
            assertTrue(command.treatment() != Treatment.REFUSE, name);
        }
    }

    @Test
    void shouldFindEachNameAndNoOther() {
        for (Command command : TABLE.commands()) {
            assertSame(command, find(command.name()));
            assertSame(command, TABLE.byId(command.id()));
            assertNull(find(command.name() + "x"));
            assertNull(find(command.name() + "\0"));
            assertNull(find(command.name().toUpperCase(java.util.Locale.ROOT)));
        }
        assertNull(find(""));
        assertNull(find("get get get get get"));
    }

    @Test
    void shouldSayWhereWordsAre() {
        Command cas = TABLE.byName("cas");
        assertEquals(List.of(2, 3, 4, 5, -1), List.of(cas.wordOf(Field.FLAGS), cas.wordOf(Field.EXPTIME),
            cas.bytesWord(), cas.wordOf(Field.CAS), cas.wordOf(Field.OPTIONS)));
        assertTrue(cas.isStorage());
        assertFalse(cas.hasManyKeys());
        Command gat = TABLE.byName("gat");
        assertEquals(2, gat.firstKey());
        assertTrue(gat.hasManyKeys());
        assertEquals(Treatment.SCATTER, gat.treatment());
        assertEquals(MergeRule.VALUES, gat.merge());
        assertEquals(MergeRule.STATS, TABLE.byName("stats").merge());
        assertEquals(Treatment.BROADCAST, TABLE.byName("flush_all").treatment());
    }

    @Test
    void shouldSayWhichRepliesFitAndWhichAreKeptQuiet() {
        Command set = TABLE.byName("set");
        assertTrue(set.accepts(ReplyType.STORED));
        assertTrue(set.accepts(ReplyType.SERVER_ERROR));
        assertFalse(set.accepts(ReplyType.VALUE));
        assertTrue(TABLE.byName("mg").isKeptQuiet(ReplyType.EN));
        assertFalse(TABLE.byName("mg").isKeptQuiet(ReplyType.HD));
        assertTrue(TABLE.byName("ms").isKeptQuiet(ReplyType.HD));
        assertFalse(TABLE.byName("ms").isKeptQuiet(ReplyType.CLIENT_ERROR));
        assertFalse(TABLE.byName("me").mayBeQuiet());
    }

    @Test
    void shouldNameTheLineOfAMistake() {
        String good = "x  admin  -  1..  -  -  local  -  OK  ERROR\n";
        for (String bad : List.of("x  admin  -  1..\n", good.replace("admin", "other"), good.replace("OK", "YES"),
            good.replace("1..", "1"), good.replace("ERROR", "Error"), good.replace("-  -  local", "at@1  -  local"))) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> CommandTableReader.read(new StringReader("# comment\n" + good + bad)));
            assertTrue(e.getMessage().startsWith("commands.txt:3: "), e.getMessage());
        }
    }

    @Test
    void shouldRefuseNamesThatCannotBeFound() {
        assertThrows(IllegalArgumentException.class, () -> new PackedNames(List.of("a", "a")));
        assertThrows(IllegalArgumentException.class, () -> new PackedNames(List.of("a".repeat(17))));
        PackedNames names = new PackedNames(List.of("", "sixteenbyteslong"));
        assertEquals(-1, names.find(0, 0, 0));
    }
}
