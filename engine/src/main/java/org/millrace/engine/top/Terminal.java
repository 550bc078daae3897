package org.millrace.engine.top;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where the picture goes: a terminal has it drawn in place, on a screen of its own that is gone at the end; anything
 * else gets one picture after another, an empty line between them.
 */
public final class Terminal implements AutoCloseable {
    /** Where nobody tells. */
    static final int WIDTH = 130;

    private static final String ENTER = "\u001b[?1049h\u001b[?25l";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";

    private final PrintStream out;
    private final boolean isScreen;
    private boolean drawn;
    private boolean closed;

    /** On a stream, drawn in place or not. */
    public Terminal(PrintStream out, boolean isScreen) {
        this.out = out;
        this.isScreen = isScreen;
        if (isScreen) {
            out.print(ENTER);
        }
    }

    /** Shows a picture in the place of the last one. */
    public synchronized void draw(List<String> lines) {
        if (closed) {
            return;
        }
        StringBuilder text = new StringBuilder(isScreen ? HOME : drawn ? System.lineSeparator() : "");
        for (String line : lines) {
            text.append(line).append(isScreen ? REST_OF_LINE : "").append(System.lineSeparator());
        }
        out.print(text.append(isScreen ? REST_OF_SCREEN : ""));
        out.flush();
        drawn = true;
    }

    /** How many characters fit into a line, as stty knows it. */
    public static int width() {
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String[] size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip()
                .split(" ");
            if (stty.waitFor(1, TimeUnit.SECONDS) && size.length == 2 && size[1].matches("[1-9][0-9]{0,3}")) {
                return Integer.parseInt(size[1]);
            }
        } catch (IOException e) {
            // no stty here
            return WIDTH;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return WIDTH;
    }

    @Override
    public synchronized void close() {
        if (isScreen && !closed) {
            out.print(LEAVE);
            out.flush();
        }
        closed = true;
    }
}
