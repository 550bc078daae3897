package org.millrace.engine.control;

import java.io.PrintStream;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicLong;

/** Lines about starts, stops, servers that come and go, and faults. Nothing is logged for a request. */
public final class EventLog {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    private final PrintStream out;
    private final AtomicLong errors = new AtomicLong();

    public EventLog(PrintStream out) {
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
        write("error: " + text);
        if (cause != null) {
            cause.printStackTrace(out);
        }
    }

    /** How many errors were logged. */
    public long errors() {
        return errors.get();
    }

    private void write(String text) {
        out.println("[" + TIME.format(LocalDateTime.now()) + "] " + text);
    }
}
