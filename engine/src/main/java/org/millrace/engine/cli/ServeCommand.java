package org.millrace.engine.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.Security;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.millrace.conf.ConfigException;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.control.LogFile;

/** Serving: what surrounds the proxy in its process, from the log to the exit code. */
final class ServeCommand {
    private final Options options;
    private final Supplier<MillraceConfig> file;
    private final PrintStream err;
    /** What serves; null if it could not be started. */
    private final CompletableFuture<Millrace> started = new CompletableFuture<>();
    private EventLog log;
    private volatile PidFile pidFile;

    private ServeCommand(Options options, UnaryOperator<MillraceConfig> overlay, PrintStream err) {
        this.options = options;
        file = () -> overlay.apply(ConfigReader.read(Path.of(options.confFile())));
        this.err = err;
    }

    /** Serves until it is stopped; returns the exit code. */
    static int run(Options options, UnaryOperator<MillraceConfig> overlay, PrintStream err)
        throws InterruptedException {
        // names are looked up at start and for servers that are down: then an answer of half a minute ago is no use
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
        return new ServeCommand(options, overlay, err).run();
    }

    private int run() throws InterruptedException {
        // a signal runs the hook, from the first moment on: a listener that is not closed resets whoever comes to it
        Thread hook = new Thread(this::stop, "millrace-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        Millrace millrace;
        try {
            log = new EventLog(logOutput(), options.verbose());
            takeSignals();
            if (options.pidFile() != null) {
                pidFile = new PidFile(options.pidFile(), options.has(OptionName.REPLACE));
                pidFile.check();
            }
            MillraceConfig config = file.get();
            checkShared(config);
            millrace = Millrace.start(config, new StartOptions(options.statsAddress(), options.statsPort(), log));
            started.complete(millrace);
        } catch (ConfigException | IOException e) {
            forget(hook);
            return fail(e);
        } finally {
            started.complete(null);
        }
        try {
            if (pidFile != null) {
                pidFile.write();
                pidFile.endPredecessor();
            }
            options.unused().forEach(option -> log.info(option.unused()));
            if (Daemon.isChild()) {
                Daemon.serving();
            }
        } catch (IOException e) {
            forget(hook);
            fail(e);
            millrace.stop();
            removePidFile();
            return Main.FAILED;
        }
        if (!millrace.awaitStop()) {
            removePidFile();
            Runtime.getRuntime().halt(Main.BROKEN);
        }
        return Main.OK;
    }

    /** The hook: only halting from within it can turn a signal's exit code into that of the drain. */
    private void stop() {
        Millrace millrace = started.join();
        if (millrace != null) {
            boolean answered = millrace.stop();
            removePidFile();
            Runtime.getRuntime().halt(answered ? Main.OK : Main.FAILED);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // a signal was faster: the hook ends what there is
            return;
        }
    }

    /** Two processes at a time can listen only where both say that they share. */
    private void checkShared(MillraceConfig config) throws IOException {
        if (pidFile == null || pidFile.predecessor() == 0) {
            return;
        }
        for (PoolConfig pool : config.pools()) {
            if (!pool.reusePort() || pool.listen().isUnix()) {
                throw new IOException("cannot take over from process " + pidFile.predecessor() + ": pool "
                    + pool.name() + (pool.listen().isUnix() ? " listens on a unix socket, which cannot be shared"
                    : " has no 'reuseport: true'") + "; stop that process instead, and start this one without -r");
            }
        }
    }

    private OutputStream logOutput() throws IOException {
        if (options.output() != null) {
            return new LogFile(options.output());
        }
        if (Daemon.isChild()) {
            return OutputStream.nullOutputStream();
        }
        return err == System.err ? StartOptions.standardError() : err;
    }

    /** Tells who started it, and the log if that is elsewhere. */
    private int fail(Exception reason) {
        err.println("millrace: " + reason.getMessage());
        if (log != null && options.output() != null) {
            reason.getMessage().lines().forEach(log::always);
        }
        return Main.FAILED;
    }

    private void removePidFile() {
        if (pidFile != null) {
            try {
                pidFile.remove();
            } catch (IOException e) {
                log.warn("the pid file stays: " + e);
            }
        }
    }

    private void takeSignals() {
        take("HUP", "reopening log file", log::reopen);
        take("TTIN", "up logging level", () -> log.always("up log level to " + log.level(log.level() + 1)));
        take("TTOU", "down logging level", () -> log.always("down log level to " + log.level(log.level() - 1)));
        FileReload reload = new FileReload(options.confFile(), file, log, () -> started.getNow(null));
        take("USR1", "reloading " + options.confFile(), () -> reload.run(pidFile));
        take("USR2", "which does nothing", () -> { });
        take("TERM", "exiting", () -> System.exit(Main.OK));
        take("INT", "exiting", () -> System.exit(Main.OK));
    }

    private void take(String name, String what, Runnable action) {
        boolean taken = Signals.handle(name, number -> {
            log.always("signal " + number + " (SIG" + name + ") received, " + what);
            action.run();
        });
        if (!taken) {
            log.warn("SIG" + name + " does what the system lets it do: the JVM does not give it away");
        }
    }
}
