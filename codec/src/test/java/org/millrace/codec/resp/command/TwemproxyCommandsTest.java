package org.millrace.codec.resp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What twemproxy takes, the table takes too, without an exception. */
class TwemproxyCommandsTest {
    private static final Pattern ACCEPTED = Pattern.compile("\"([a-z_]+)\": \\[\\d");

    @Test
    void shouldServeEveryCommandThatTwemproxyServes() throws IOException {
        int commands = 0;
        final Matcher matcher = ACCEPTED.matcher(vectors());
        while (matcher.find()) {
            final Command command = CommandTable.standard().byName(matcher.group(1));
            assertNotNull(command, matcher.group(1));
            assertNotEquals(Treatment.REFUSE, command.treatment(), command.name());
            commands++;
        }
        assertTrue(commands > 130, "only " + commands);
    }

    @Test
    void shouldSplitWhatTwemproxySplits() {
        for (String name : List.of("mget", "mset", "del", "unlink", "touch")) {
            assertEquals(Treatment.SCATTER, CommandTable.standard().byName(name).treatment(), name);
        }
    }

    private static String vectors() throws IOException {
        try (InputStream in = TwemproxyCommandsTest.class.getResourceAsStream("redis_commands.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
