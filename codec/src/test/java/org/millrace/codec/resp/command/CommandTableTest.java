package org.millrace.codec.resp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.codec.Allocation;

/** The table as data, and the search in it. */
class CommandTableTest {
    private static final CommandTable TABLE = CommandTable.standard();

    @Test
    void shouldGiveEachCommandOneDenseId() {
        final Set<String> names = new HashSet<>();
        for (int id = 0; id < TABLE.idCount(); id++) {
            final Command command = TABLE.byId(id);
            assertEquals(id, command.id());
            assertTrue(names.add(command.name()), command.name());
            assertSame(command, TABLE.byName(command.name().toUpperCase(Locale.ROOT)));
        }
        assertEquals(TABLE.count(), TABLE.commands().size());
    }

    @Test
    void shouldFindEveryNameInAnyCaseAndAnywhereInABuffer() {
        final Random random = new Random(7);
        for (Command command : TABLE.commands()) {
            final String name = command.name();
            for (String spelled : List.of(name, name.toUpperCase(Locale.ROOT), mixed(name, random))) {
                final byte[] bytes = spelled.getBytes(StandardCharsets.US_ASCII);
                assertSame(command, TABLE.find(new UnsafeBuffer(bytes), 0, bytes.length), spelled);
                final UnsafeBuffer amid = new UnsafeBuffer(new byte[bytes.length + 40]);
                amid.setMemory(0, amid.capacity(), (byte) 'x');
                amid.putBytes(5, bytes);
                assertSame(command, TABLE.find(amid, 5, bytes.length), spelled);
            }
            for (Command sub : command.subcommands()) {
                final byte[] bytes = mixed(sub.name().substring(name.length() + 1), random)
                    .getBytes(StandardCharsets.US_ASCII);
                assertSame(sub, TABLE.findSub(command, new UnsafeBuffer(bytes), 0, bytes.length));
            }
        }
    }

    @Test
    void shouldFindNoNearMiss() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        for (Command command : TABLE.commands()) {
            final byte[] bytes = command.name().getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < bytes.length; i++) {
                for (int value = 0; value < 256; value++) {
                    buffer.putBytes(3, bytes);
                    buffer.putByte(3 + i, (byte) value);
                    assertSame(expected(buffer, 3, bytes.length), TABLE.find(buffer, 3, bytes.length),
                        () -> command.name());
                }
            }
            buffer.putBytes(3, bytes);
            buffer.putByte(3 + bytes.length, (byte) 0);
            assertNull(TABLE.find(buffer, 3, bytes.length + 1));
            assertSame(expected(buffer, 3, bytes.length - 1), TABLE.find(buffer, 3, bytes.length - 1));
            assertSame(expected(buffer, 4, bytes.length - 1), TABLE.find(buffer, 4, bytes.length - 1));
        }
    }

    @Test
    void shouldSurviveRandomNames() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int round = 0; round < 200_000; round++) {
            final byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            assertSame(expected(buffer, 0, bytes.length), TABLE.find(buffer, 0, bytes.length), "seed " + seed);
        }
    }

    @Test
    void shouldAllocateNothingPerLookup() {
        final UnsafeBuffer buffer = new UnsafeBuffer("SET get ZREVRANGEBYSCORE nosuchthing".getBytes(
            StandardCharsets.US_ASCII));
        final Runnable lookups = () -> {
            int found = 0;
            for (int i = 0; i < 10_000; i++) {
                found += TABLE.find(buffer, 0, 3) == null ? 0 : 1;
                found += TABLE.find(buffer, 4, 3) == null ? 0 : 1;
                found += TABLE.find(buffer, 8, 16) == null ? 0 : 1;
                found += TABLE.find(buffer, 25, 11) == null ? 0 : 1;
            }
            assertTrue(found == 30_000);
        };
        Allocation.assertNone(lookups);
    }

    @Test
    void shouldGiveAReasonForEveryRefusalAndKeysForEveryForward() {
        for (int id = 0; id < TABLE.idCount(); id++) {
            final Command command = TABLE.byId(id);
            assertEquals(command.treatment() == Treatment.REFUSE, !command.reason().isEmpty(), command.name());
            if (command.treatment() == Treatment.SCATTER
                || command.treatment() == Treatment.FORWARD && !command.isContainer()) {
                assertTrue(command.keySpec().hasKeys(), command.name());
                assertFalse(command.is(CommandFlag.PUBSUB), command.name());
            }
            if (command.treatment() == Treatment.FORWARD && command.is(CommandFlag.BLOCKING)) {
                assertTrue(command.keySpec().toString().contains("!BLOCK"), command.name());
            }
        }
    }

    @Test
    void shouldKnowTheCommandsOfLaterVersionsAndModules() {
        for (String name : List.of("hexpire", "hpexpiretime", "hgetex", "hsetex", "hgetdel", "waitaof",
            "client|setinfo", "client|no-touch", "vadd", "vsim", "json.get", "bf.add", "cf.add", "ts.add", "ft.search",
            "xackdel")) {
            assertNotNull(TABLE.byName(name), name);
        }
    }

    @Test
    void shouldCountWordsAsRedisDoes() {
        assertTrue(TABLE.byName("get").acceptsWords(2));
        assertFalse(TABLE.byName("get").acceptsWords(3));
        assertTrue(TABLE.byName("set").acceptsWords(9));
        assertFalse(TABLE.byName("set").acceptsWords(2));
        assertTrue(TABLE.byName("get").isSingleFirstKey());
        assertFalse(TABLE.byName("mget").isSingleFirstKey());
        assertFalse(TABLE.byName("sort").isSingleFirstKey());
        assertFalse(TABLE.byName("object|encoding").isSingleFirstKey());
    }

    @Test
    void shouldNameTheLineOfAMistake() {
        refuseTable("GET  2  readonly  1 1 1  forward\nSET  x  write  1 1 1  forward\n", "commands.txt:2:");
        refuseTable("GET  2  readonly  1 1 1  sideways\n", "unknown treatment");
        refuseTable("GET  2  nimble  1 1 1  forward\n", "unknown flag");
        refuseTable("GET  2  readonly  1 1 1  refuse\n", "a reason goes with");
        refuseTable("GET  2  readonly  1 1  forward\n", "a range is");
        refuseTable("GET  2  readonly  half STREAMS  forward\n", "not an option");
        refuseTable("GET  2  -  -  local\nGET  2  -  -  local\n", "listed twice");
        refuseTable("GET|IT  2  -  -  local\n", "no container");
    }

    private static void refuseTable(String text, String reason) {
        final IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> read(text));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    private static CommandTable read(String text) {
        try {
            return new CommandTable(CommandTableReader.read(new StringReader(text)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Command expected(UnsafeBuffer buffer, int offset, int length) {
        final StringBuilder name = new StringBuilder();
        for (int i = 0; i < length; i++) {
            final int b = buffer.getByte(offset + i) & 0xFF;
            name.append((char) (b >= 'A' && b <= 'Z' ? b + 32 : b));
        }
        final Command command = name.indexOf("|") >= 0 ? null : TABLE.byName(name.toString());
        // Java folds more letters than Redis does; a real match has the same bytes after the plain folding.
        return command != null && command.name().contentEquals(name) ? command : null;
    }

    private static String mixed(String name, Random random) {
        final StringBuilder mixed = new StringBuilder(name);
        for (int i = 0; i < name.length(); i++) {
            if (random.nextBoolean()) {
                mixed.setCharAt(i, Character.toUpperCase(name.charAt(i)));
            }
        }
        return mixed.toString();
    }
}
