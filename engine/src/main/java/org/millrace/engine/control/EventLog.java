package org.millrace.engine.control;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lines about starts, stops, servers that come and go, and faults. Nothing is logged for a request. A line that cannot
 * be written (a full disk, a pipe that nobody reads any more) is counted and given up; before the first one that can be
 * written again it is said how many are missing.
 */
public final class EventLog {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    private final OutputStream out;
    private final AtomicLong errors = new AtomicLong();
    private long missing;
    private volatile long lost;

    /**
     * A log.
     *
     * @param out unbuffered, so that a line is known to be written or not
     */
    public EventLog(OutputStream out) {
        this.out = out;
    }

    /** Something an operator may want to know. */
    public void info(String text) {
        write(text);
    }

    /** Something that is wrong outside this process. */
    public void warn(String text) {
        write("warning: " + text);
    }

    /** Something that is wrong inside this process. */
    public void error(String text, Throwable cause) {
        errors.incrementAndGet();
        if (cause == null) {
            write("error: " + text);
        } else {
            StringWriter stack = new StringWriter();
            cause.printStackTrace(new PrintWriter(stack));
            write("error: " + text + System.lineSeparator() + stack.toString().stripTrailing());
        }
    }

    /** How many errors were logged. */
    public long errors() {
        return errors.get();
    }

    /** How many lines could not be written. */
    public long lost() {
        return lost;
    }

    private synchronized void write(String text) {
        String time = "[" + TIME.format(LocalDateTime.now()) + "] ";
        try {
            if (missing > 0) {
                line(time + "warning: " + missing + " lines before this one could not be written");
                missing = 0;
            }
            line(time + text);
        } catch (IOException e) {
            missing++;
            lost++;
        }
    }

    private void line(String text) throws IOException {
        out.write((text + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
