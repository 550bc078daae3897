package org.millrace.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords, and references to them. */
class SecretTypeTest {
    private final SecretType secret = new SecretType(Map.of("PASSWORD", "hush", "EMPTY", "")::get);

    @Test
    void shouldTakeAPasswordAsItIs() throws BadValueException {
        assertEquals("hush", secret.parse("hush"));
        assertEquals("env:PASSWORD", secret.parse("plain:env:PASSWORD"));
        assertEquals("environment", secret.parse("environment"));
    }

    @Test
    void shouldReadItFromTheEnvironment() throws BadValueException {
        assertEquals("hush", secret.parse("env:PASSWORD"));
        refused("env:NOSUCH", "not set");
        refused("env:EMPTY", "empty");
        refused("plain:", "empty");
    }

    @Test
    void shouldReadItFromAFileWithoutTheLineEnd(@TempDir Path folder) throws Exception {
        final Path file = folder.resolve("password");
        for (final String end : new String[] {"", "\n", "\r\n"}) {
            Files.writeString(file, "hush hush" + end);
            assertEquals("hush hush", secret.parse("file:" + file));
        }
        Files.writeString(file, "two\nlines\n");
        assertEquals("two\nlines", secret.parse("file:" + file));
    }

    @Test
    void shouldRefuseFilesThatHoldNoPassword(@TempDir Path folder) throws IOException {
        final Path file = folder.resolve("password");
        refused("file:" + file, "cannot be read");
        Files.write(file, new byte[] {(byte) 0xc3});
        refused("file:" + file, "cannot be read");
        Files.writeString(file, "\n");
        refused("file:" + file, "empty");
        Files.writeString(file, "hush".repeat(2_000));
        refused("file:" + file, "more than 4096 bytes");
        refused("file:" + folder, "cannot be read");
    }

    @Test
    void shouldNameThePlaceAndNotThePasswordInErrors(@TempDir Path folder) throws IOException {
        final Path file = folder.resolve("password");
        Files.writeString(file, "hush".repeat(2_000));
        final String error = Yaml.errors(Yaml.pool("redis: true", "redis_auth: file:" + file)).get(0);
        assertTrue(error.startsWith("t.yml:4:15: alpha.redis_auth: names a file of more than 4096 bytes: \"file:"),
            error);
        assertFalse(error.contains("hush"), error);
    }

    private void refused(String text, String why) {
        final BadValueException refusal = assertThrows(BadValueException.class, () -> secret.parse(text));
        assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
    }
}
