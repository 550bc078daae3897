package org.millrace.engine.control;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Lines about starts, stops, servers that come and go, and faults, in twemproxy's shape: time, place in the source,
 * text. Nothing is logged for a request. What says the same again within ten seconds is counted, and the count is told.
 * A line that cannot be written (a full disk, a pipe that nobody reads any more) is counted and given up; before the
 * first one that can be written again it is said how many are missing.
 *
 * <p>Levels are twemproxy's, 0 to 11: errors are shown from 1, warnings from 4, the rest from 5; from 7 on every
 * repetition is shown. Any thread, but not on the data path.
 */
public final class EventLog {
    /** What twemproxy begins with. */
    public static final int DEFAULT_LEVEL = 5;
    /** The highest level. */
    public static final int MAX_LEVEL = 11;

    private static final int ALWAYS = 0;
    private static final int ERROR = 1;
    private static final int WARNING = 4;
    private static final int NOTICE = 5;
    private static final int DEBUG = 7;
    private static final String SELF = EventLog.class.getName();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    private final OutputStream out;
    private final LongSupplier clock;
    private final AtomicLong errors = new AtomicLong();
    private final Repeats repeats = new Repeats(this::line);
    private volatile int level;
    private long missing;
    private volatile long lost;

    /**
     * A log of the default level.
     *
     * @param out unbuffered, so that a line is known to be written or not
     */
    public EventLog(OutputStream out) {
        this(out, DEFAULT_LEVEL);
    }

    /**
     * A log.
     *
     * @param out   unbuffered, so that a line is known to be written or not; a {@link LogFile} can be reopened
     * @param level 0 to 11; beyond that the nearest
     */
    public EventLog(OutputStream out, int level) {
        this(out, level, System::nanoTime);
    }

    EventLog(OutputStream out, int level, LongSupplier clock) {
        this.out = out;
        this.clock = clock;
        level(level);
    }

    /** What is shown at every level: starts, stops, signals. */
    public void always(String text) {
        write(ALWAYS, text, "");
    }

    /** Something an operator may want to know. */
    public void info(String text) {
        write(NOTICE, text, "");
    }

    /** Something that is wrong outside this process. */
    public void warn(String text) {
        write(WARNING, "warning: " + text, "");
    }

    /** Something that is wrong inside this process. */
    public void error(String text, Throwable cause) {
        errors.incrementAndGet();
        if (cause == null) {
            write(ERROR, "error: " + text, "");
        } else {
            StringWriter stack = new StringWriter();
            cause.printStackTrace(new PrintWriter(stack));
            write(ERROR, "error: " + text, System.lineSeparator() + stack.toString().stripTrailing());
        }
    }

    /** How many errors there were, told or folded. */
    public long errors() {
        return errors.get();
    }

    /** How many lines could not be written. */
    public long lost() {
        return lost;
    }

    /** The level at present. */
    public int level() {
        return level;
    }

    /** Sets the level; beyond 0 to 11 the nearest. Returns what it is now. */
    public int level(int wanted) {
        level = Math.clamp(wanted, 0, MAX_LEVEL);
        return level;
    }

    /**
     * Opens a file of the name that the log's file had, after that was moved away. Without a file this does nothing; if
     * it fails the old file stays.
     */
    public void reopen() {
        if (out instanceof LogFile file) {
            try {
                synchronized (this) {
                    file.reopen();
                }
            } catch (IOException e) {
                warn("the log goes on in its old file: " + e.getMessage());
            }
        }
    }

    /** Tells how often lines were repeated, where it is time; once in a while. */
    synchronized void tellRepeats() {
        repeats.tell(clock.getAsLong(), Repeats.FOLD_NS);
    }

    /** Tells all that was repeated and not told yet; before the end. */
    public synchronized void flush() {
        repeats.tell(clock.getAsLong(), 0);
    }

    private void write(int importance, String text, String stack) {
        if (importance > level) {
            return;
        }
        String place = place();
        String shown = clean(text);
        synchronized (this) {
            if (importance == ALWAYS || level >= DEBUG || repeats.isNew(place, shown, stack, clock.getAsLong())) {
                line(place, shown + stack);
            }
        }
    }

    private synchronized void line(String place, String text) {
        String head = "[" + TIME.format(LocalDateTime.now()) + "] " + place + ' ';
        try {
            if (missing > 0) {
                put(head + "warning: " + missing + " lines before this one could not be written");
                missing = 0;
            }
            put(head + text);
        } catch (IOException e) {
            missing++;
            lost++;
        }
    }

    private void put(String line) throws IOException {
        out.write((line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Who speaks: file and line of the first caller that is neither this class nor the JDK's. */
    private static String place() {
        return StackWalker.getInstance().walk(frames -> frames
            .filter(frame -> !frame.getClassName().equals(SELF) && !frame.getClassName().startsWith("java."))
            .findFirst()
            .map(frame -> frame.getFileName() + ':' + frame.getLineNumber()).orElse("?"));
    }

    /** What others sent must not end a line or move the reader's cursor. */
    private static String clean(String text) {
        boolean dirty = false;
        for (int i = 0; i < text.length() && !dirty; i++) {
            dirty = Character.isISOControl(text.charAt(i));
        }
        return dirty ? text.codePoints().map(c -> Character.isISOControl(c) ? '?' : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString() : text;
    }
}
