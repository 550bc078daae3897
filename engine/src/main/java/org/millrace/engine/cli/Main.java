package org.millrace.engine.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.millrace.conf.ConfigException;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
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
        if (args.length > 0 && args[0].equals("diff")) {
            return DiffCommand.run(List.of(args).subList(1, args.length), out, err);
        }
        if (args.length > 0 && args[0].equals("reload")) {
            return ReloadCommand.run(List.of(args).subList(1, args.length), out, err);
        }
        if (args.length > 0 && args[0].equals("top")) {
            return TopCommand.run(List.of(args).subList(1, args.length), out, err);
        }
        if (args.length == 1 && args[0].equals("warm-up")) {
            return WarmUp.run(err);
        }
        return serve(args, UnaryOperator.identity(), out, err);
    }

    /**
     * Does what {@code millrace [options]} does, from serving to {@code --help}.
     *
     * @param overlay makes of what the file says what is served, at the start and with each reload
     * @return the exit code
     */
    public static int serve(String[] args, UnaryOperator<MillraceConfig> overlay, PrintStream out, PrintStream err)
        throws InterruptedException {
        Options options;
        try {
            options = Options.parse(args);
            if (args.length > 0 && !args[0].startsWith("-")) {
                throw new UsageException("unknown command '" + args[0]
                    + "'; there are: where, diff, reload, top, demo, load, check, capture, replay, bench, gate");
            }
        } catch (UsageException e) {
            err.println("millrace: " + e.getMessage());
            err.println("Try 'millrace --help'.");
            return FAILED;
        }
        if (!Daemon.isChild()) {
            options.words().forEach(word -> err.println("millrace: warning: '" + word + "' is ignored"));
        }
        if (options.has(OptionName.HELP)) {
            out.print(Usage.TEXT);
            return OK;
        }
        if (options.has(OptionName.VERSION)) {
            out.print(Usage.version());
            return OK;
        }
        if (options.has(OptionName.DESCRIBE_STATS)) {
            out.print(Usage.version() + Usage.stats());
            return OK;
        }
        if (options.has(OptionName.TEST_CONF)) {
            return test(options, overlay, err);
        }
        return options.has(OptionName.DAEMONIZE) && !Daemon.isChild() ? Daemon.start(err)
            : ServeCommand.run(options, overlay, err);
    }

    private static int test(Options options, UnaryOperator<MillraceConfig> overlay, PrintStream err) {
        try {
            MillraceConfig config = overlay.apply(ConfigReader.read(Path.of(options.confFile())));
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
}
