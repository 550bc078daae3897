package org.millrace.engine.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.millrace.conf.ConfigException;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.Unsupported;

/** {@code millrace reload}: tells the process of a pid file to read its file again, and says what came of it. */
final class ReloadCommand {
    static final String USAGE = "usage: millrace reload -p PIDFILE [-c FILE] [--timeout SECONDS]";

    private static final int TIMEOUT_SECONDS = 60;
    private static final int TIMEOUT_MAX_SECONDS = 86_400;
    private static final long LOOK_NS = 10_000_000;

    private ReloadCommand() {
    }

    static int run(List<String> args, PrintStream out, PrintStream err) {
        if (args.contains("-h") || args.contains("--help")) {
            out.println(USAGE);
            out.println("Sends SIGUSR1 to the process that PIDFILE names, which goes over to what its configuration "
                + "file says now, and waits for it, " + TIMEOUT_SECONDS + " seconds unless told otherwise. Prints what "
                + "has changed and returns 0, or why nothing has, and returns 1. With -c, a bad FILE is told here, and "
                + "the process is left alone.");
            return Main.OK;
        }
        try {
            Words words = new Words("reload", args, "p pid-file", "c conf-file", "t timeout");
            if (words.get("p") == null) {
                throw new UsageException("reload: which process? Name its pid file");
            }
            int seconds = seconds(words.get("t"));
            if (words.get("c") != null) {
                MillraceConfig config = ConfigReader.read(Path.of(words.get("c")));
                Unsupported.check(config);
                config.warnings().forEach(warning -> err.println("millrace: warning: " + warning));
            }
            return reload(Path.of(words.get("p")), seconds, out, err);
        } catch (UsageException e) {
            err.println("millrace: " + e.getMessage());
            err.println(USAGE);
            return Main.FAILED;
        } catch (ConfigException | IOException e) {
            err.println("millrace: reload: " + e.getMessage());
            return Main.FAILED;
        }
    }

    private static int seconds(String value) throws UsageException {
        if (value == null) {
            return TIMEOUT_SECONDS;
        }
        int seconds = value.matches("[0-9]{1,5}") ? Integer.parseInt(value) : 0;
        if (seconds == 0 || seconds > TIMEOUT_MAX_SECONDS) {
            throw new UsageException("reload: option --timeout takes seconds, 1 to " + TIMEOUT_MAX_SECONDS + ", not '"
                + value + '\'');
        }
        return seconds;
    }

    private static int reload(Path pidFile, int seconds, PrintStream out, PrintStream err) throws IOException {
        long pid = new PidFile(pidFile.toString()).living();
        OtherProcess process = new OtherProcess(pid);
        // one that is hidden can only be waited for; looked at first, because the signal itself may end it
        boolean isVisible = process.isVisible();
        Instant sent = Instant.now();
        if (!process.signal("USR1")) {
            throw new IOException("process " + pid + " cannot be told; is it another user's?");
        }
        ReloadResult result = await(process, isVisible, ReloadResult.beside(pidFile), sent, seconds);
        if (result.good()) {
            out.println("millrace: process " + pid + " has reloaded"
                + (result.lines().isEmpty() ? ": nothing has changed" : ""));
            result.lines().forEach(out::println);
            return Main.OK;
        }
        err.println("millrace: reload: process " + pid + " has not reloaded, nothing has changed:");
        result.lines().forEach(err::println);
        return Main.FAILED;
    }

    /** Waits for a result of after the signal: whoever began to read the file since has read what it says now. */
    private static ReloadResult await(OtherProcess process, boolean isVisible, Path file, Instant sent, int seconds)
            throws IOException {
        long pid = process.pid();
        long deadlineNs = System.nanoTime() + seconds * 1_000_000_000L;
        while (true) {
            boolean alive = !isVisible || process.isVisible();
            ReloadResult result = ReloadResult.read(file);
            if (result != null && result.pid() == pid && !result.began().isBefore(sent)) {
                return result;
            }
            if (!alive) {
                throw new IOException("process " + pid + " has ended before it said what came of it; see its log");
            }
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new IOException("process " + pid + " has not said within " + seconds + " s what came of it; it "
                    + "may be under way still, see its log, or INFO (last_reload)");
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }
}
