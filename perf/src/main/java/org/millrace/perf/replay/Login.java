package org.millrace.perf.replay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.millrace.perf.client.RequestWriter;

/** What is said first on each connection to a Redis that asks for it. It never shows its password. */
public final class Login {
    private static final byte[] DONE = "+OK\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] MISSING = "-NOAUTH ".getBytes(StandardCharsets.US_ASCII);

    private final List<byte[]> words;

    private Login(List<byte[]> words) {
        this.words = words;
    }

    /**
     * Reads a file of one line, the password, or of two, user and password.
     *
     * @throws IOException if it cannot be read or holds something else; the message is for the user
     */
    public static Login read(Path file) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new IOException("the login cannot be read: " + e, e);
        }
        if (lines.isEmpty() || lines.size() > 2 || lines.stream().anyMatch(String::isEmpty)) {
            throw new IOException(file + " must hold one line, the password, or two, the user and the password");
        }
        return new Login(lines.stream().map(line -> line.getBytes(StandardCharsets.UTF_8)).toList());
    }

    void write(RequestWriter out) {
        out.array(1 + words.size()).bulk("AUTH");
        words.forEach(out::bulk);
    }

    /** Whether the answer says that the login was taken. */
    static boolean isTaken(byte[] b, int from, int to) {
        return Arrays.equals(DONE, 0, DONE.length, b, from, to);
    }

    /** Whether an answer says that there was no login. */
    static boolean isMissing(byte[] b, int from, int to) {
        return to - from > MISSING.length
            && Arrays.equals(MISSING, 0, MISSING.length, b, from, from + MISSING.length);
    }
}
