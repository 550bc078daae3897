package org.millrace.conf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * A password, or where it is: {@code file:/path} or {@code env:NAME}, read when the configuration is read. Only such
 * references can be wrong, so that no message ever shows a password. A password that begins like one is written
 * {@code plain:} before it.
 */
final class SecretType implements ValueType<String> {
    /** With the process's own environment. */
    static final SecretType SECRET = new SecretType(System::getenv);

    private static final String FILE = "file:";
    private static final String ENV = "env:";
    private static final String PLAIN = "plain:";
    private static final int MAX_BYTES = 4096;

    private final UnaryOperator<String> environment;

    /** With another environment, for tests. */
    SecretType(UnaryOperator<String> environment) {
        this.environment = environment;
    }

    @Override
    public String parse(String text) throws BadValueException {
        if (text.startsWith(PLAIN)) {
            return notEmpty(text.substring(PLAIN.length()), "is empty behind " + PLAIN);
        }
        if (text.startsWith(ENV)) {
            final String value = environment.apply(text.substring(ENV.length()));
            if (value == null) {
                throw new BadValueException("names a variable that is not set", "set it for this process, or write "
                    + "plain: before a password that begins with env:");
            }
            return notEmpty(value, "names a variable that is empty");
        }
        return text.startsWith(FILE) ? read(text.substring(FILE.length())) : text;
    }

    @Override
    public String allowed() {
        return "a password, file:/path or env:NAME to read it from there, or plain:PASSWORD";
    }

    /** The file's text without the line end that editors leave. */
    private static String read(String name) throws BadValueException {
        try {
            final Path path = Path.of(name);
            if (Files.size(path) > MAX_BYTES) {
                throw new BadValueException("names a file of more than " + MAX_BYTES + " bytes", "a password alone");
            }
            return notEmpty(Files.readString(path, StandardCharsets.UTF_8).replaceFirst("\r?\n\\z", ""),
                "names a file that is empty");
        } catch (final IOException | InvalidPathException e) {
            throw new BadValueException("names a file that cannot be read", "check that it exists, is UTF-8 and may be "
                + "read by this user; write plain: before a password that begins with file:");
        }
    }

    private static String notEmpty(String secret, String wrong) throws BadValueException {
        if (secret.isEmpty()) {
            throw new BadValueException(wrong);
        }
        return secret;
    }
}
