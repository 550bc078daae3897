package org.millrace.engine.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.millrace.engine.top.Sample;
import org.millrace.engine.top.Screen;
import org.millrace.engine.top.StatsSource;
import org.millrace.engine.top.Terminal;

/** {@code millrace top}: what a running process does, drawn in the terminal again and again. */
final class TopCommand {
    static final String USAGE = "usage: millrace top [-s PORT] [-a ADDR] [-d SECONDS] [-n COUNT]";

    private static final String PORT = "22222";
    private static final String ADDRESS = "127.0.0.1";
    private static final long TIMEOUT_NS = 5_000_000_000L;
    private static final double S_NS = 1e9;
    private static final int DELAY_MAX_SECONDS = 3600;

    private final StatsSource source;
    private final long delayNs;
    private final long count;
    private final boolean isScreen;

    private TopCommand(StatsSource source, long delayNs, long count, boolean isScreen) {
        this.source = source;
        this.delayNs = delayNs;
        this.count = count;
        this.isScreen = isScreen;
    }

    static int run(List<String> args, PrintStream out, PrintStream err) {
        if (args.contains("-h") || args.contains("--help")) {
            out.println(USAGE);
            out.println("""
                Draws what a running process does: lanes, memory, pools and their servers, from its stats port.
                  -s, --stats-port PORT    the port (default 22222)
                  -a, --stats-addr ADDR    its address, or the path of a unix socket (default 127.0.0.1)
                  -d, --delay SECONDS      between two pictures, such as 0.5 (default 1)
                  -n, --count COUNT        end after so many pictures (default: never)
                A terminal has each picture in the place of the last, Ctrl-C ends it; a file or a pipe gets all of them.
                The process is asked for no more than any reader of its stats port.""");
            return Main.OK;
        }
        try {
            boolean isScreen = System.console() != null && System.console().isTerminal();
            PrintStream utf8 = new PrintStream(out, false, StandardCharsets.UTF_8);
            return of(new Words("top", args, "s stats-port", "a stats-addr", "d delay", "n count"), isScreen)
                .draw(utf8, err);
        } catch (UsageException e) {
            err.println("millrace: " + e.getMessage());
            err.println(USAGE);
            return Main.FAILED;
        }
    }

    private static TopCommand of(Words words, boolean isScreen) throws UsageException {
        String port = or(words.get("s"), PORT);
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
            throw new UsageException("top: option --stats-port takes a port, 1 to 65535, not '" + port + '\'');
        }
        String delay = or(words.get("d"), "1");
        double seconds = delay.matches("[0-9]{1,4}([.][0-9]{1,3})?") ? Double.parseDouble(delay) : 0;
        if (seconds < 0.1 || seconds > DELAY_MAX_SECONDS) {
            throw new UsageException("top: option --delay takes seconds, 0.1 to " + DELAY_MAX_SECONDS + ", not '"
                + delay + '\'');
        }
        String count = or(words.get("n"), Long.toString(Long.MAX_VALUE));
        if (!count.matches("[1-9][0-9]{0,18}")) {
            throw new UsageException("top: option --count takes a whole number from 1 on, not '" + count + '\'');
        }
        StatsSource source = new StatsSource(or(words.get("a"), ADDRESS), Integer.parseInt(port), TIMEOUT_NS);
        return new TopCommand(source, Math.round(seconds * S_NS), Long.parseLong(count), isScreen);
    }

    private static String or(String value, String otherwise) {
        return value == null ? otherwise : value;
    }

    private int draw(PrintStream out, PrintStream err) {
        Sample before;
        try {
            before = source.read();
        } catch (IOException e) {
            err.println("millrace: top: " + e.getMessage());
            return Main.FAILED;
        }
        Terminal terminal = new Terminal(out, isScreen);
        // Ctrl-C ends the process: the terminal gets its own screen back.
        Runtime.getRuntime().addShutdownHook(new Thread(terminal::close));
        Screen screen = new Screen(isScreen ? Terminal.width() : Integer.MAX_VALUE);
        try (terminal) {
            for (long i = 0; i < count; i++) {
                awaitNext(System.nanoTime() + delayNs);
                Sample now = source.read();
                terminal.draw(screen.lines(before, now));
                before = now;
            }
            return Main.OK;
        } catch (IOException e) {
            terminal.close();
            err.println("millrace: top: " + e.getMessage());
            return Main.FAILED;
        }
    }

    private static void awaitNext(long dueNs) {
        for (long leftNs = dueNs - System.nanoTime(); leftNs > 0; leftNs = dueNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
    }
}
