package org.millrace.engine.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.Security;
import java.util.Arrays;
import org.millrace.conf.ConfigException;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.engine.Unsupported;

/**
 * The server's entry point. Exit codes: 0 = done or stopped in good order, 1 = bad usage, bad configuration, an
 * address in use, or requests left unanswered at the stop; 70 = a broken invariant.
 */
public final class Main {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int BROKEN = 70;

    private Main() {
    }

    /** Runs a command and ends the process with its code. */
    public static void main(String[] args) throws InterruptedException {
        int code = run(args, System.out, System.err);
        if (code != OK) {
            System.exit(code);
        }
    }

    static int run(String[] args, PrintStream out, PrintStream err) throws InterruptedException {
        if (args.length > 0 && args[0].equals("where")) {
            return WhereCommand.run(Arrays.copyOfRange(args, 1, args.length), System.in, out, err);
        }
        Options options;
        try {
            options = Options.parse(args);
        } catch (UsageException e) {
            err.println("millrace: " + e.getMessage());
            err.println("Try 'millrace --help'.");
            return FAILED;
        }
        if (options.help()) {
            out.print(Usage.TEXT);
            return OK;
        }
        if (options.version()) {
            out.println("This is millrace-" + Millrace.VERSION);
            return OK;
        }
        return options.testConf() ? test(options, err) : serve(options, err);
    }

    private static int test(Options options, PrintStream err) {
        try {
            MillraceConfig config = ConfigReader.read(Path.of(options.confFile()));
            Unsupported.check(config);
            config.warnings().forEach(warning -> err.println("millrace: warning: " + warning));
            Unsupported.warnings(config).forEach(warning -> err.println("millrace: warning: " + warning));
            err.println("millrace: configuration file '" + options.confFile() + "' syntax is ok");
            return OK;
        } catch (ConfigException e) {
            err.println("millrace: " + e.getMessage());
            err.println("millrace: configuration file '" + options.confFile() + "' syntax is invalid");
            return FAILED;
        }
    }

    private static int serve(Options options, PrintStream err) throws InterruptedException {
        // names are looked up at start and for servers that are down: then an answer of half a minute ago is no use
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
        Millrace millrace;
        try {
            MillraceConfig config = ConfigReader.read(Path.of(options.confFile()));
            millrace = Millrace.start(config, new StartOptions(options.statsAddress(), options.statsPort(),
                err == System.err ? StartOptions.standardError() : err));
        } catch (ConfigException | IOException e) {
            err.println("millrace: " + e.getMessage());
            return FAILED;
        }
        // a signal runs the hook; only halting from within it can turn the signal's exit code into that of the drain
        Thread hook = new Thread(() -> Runtime.getRuntime().halt(millrace.stop() ? OK : FAILED), "millrace-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        if (!millrace.awaitStop()) {
            Runtime.getRuntime().halt(BROKEN);
        }
        return OK;
    }
}
