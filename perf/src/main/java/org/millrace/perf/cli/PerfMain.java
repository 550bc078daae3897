package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;

/**
 * Entry point of the perf jar. Exit codes: 0 all went well, 1 wrong arguments or it could not start, 2 it ran and a
 * request failed or a reply was wrong.
 */
public final class PerfMain {
    private static final List<Command> COMMANDS =
        List.of(new DemoCommandLine(), new LoadCommandLine(), new CheckCommandLine(),
            new CaptureCommandLine(), new ReplayCommandLine(), new BenchCommandLine());
    /** Those that a script of perf/bin calls; that script's help is theirs. */
    private static final List<Command> SCRIPTS = List.of(new FloodCommandLine(), new IsolationCommandLine(),
        new OverloadCommandLine(), new IdleClientsCommandLine(), new SoakCommandLine(),
        new ChaosCommandLine());

    private PerfMain() {
    }

    /** Runs the sub-command and ends the process with its code. */
    public static void main(String[] args) {
        GracefulExit exit = new GracefulExit().install();
        int code = Command.FAILED;
        try {
            code = run(List.of(args), System.out, System.err, exit);
        } catch (RuntimeException | Error e) {
            // A fault of this program: show it whole, and end at once instead of waiting in the hook.
            e.printStackTrace(System.err);
        }
        exit.exit(code);
    }

    static int run(List<String> args, PrintStream out, PrintStream err, GracefulExit exit) {
        if (args.isEmpty() || isHelp(args.getFirst())) {
            (args.isEmpty() ? err : out).print(help());
            return args.isEmpty() ? Command.CANNOT_START : Command.OK;
        }
        for (Command command : Stream.concat(COMMANDS.stream(), SCRIPTS.stream()).toList()) {
            if (command.name().equals(args.getFirst())) {
                return run(command, args.subList(1, args.size()), out, err, exit);
            }
        }
        err.println("millrace: there is no command \"" + args.getFirst() + "\"");
        err.print(help());
        return Command.CANNOT_START;
    }

    private static int run(Command command, List<String> args, PrintStream out, PrintStream err, GracefulExit exit) {
        try {
            // A command without options of its own hands -h on, to JMH for one.
            if (!args.isEmpty() && ("--help".equals(args.getFirst())
                || isHelp(args.getFirst()) && !command.options().isEmpty())) {
                out.print(command.help());
                return Command.OK;
            }
            return command.run(args, out, exit);
        } catch (UsageException e) {
            err.println("millrace " + command.name() + ": " + e.getMessage());
            err.println("millrace " + command.name() + " --help shows what there is.");
            return command.cannotStart();
        } catch (IOException e) {
            err.println("millrace " + command.name() + ": " + e.getMessage());
            return command.cannotStart();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Command.FAILED;
        }
    }

    private static boolean isHelp(String arg) {
        return "--help".equals(arg) || "-h".equals(arg) || "help".equals(arg);
    }

    private static String help() {
        StringBuilder text = new StringBuilder("""
            Usage: millrace COMMAND [options]

            """);
        for (Command command : COMMANDS) {
            text.append("  ").append(command.name()).repeat(' ', 8 - command.name().length()).append(command.summary())
                .append('\n');
        }
        return text.append("""

            millrace COMMAND --help tells more, with examples. The quickest look:

              millrace demo --duration 10s

            Exit codes: 0 all went well; 1 wrong arguments or it could not start; 2 a request failed.
            """).toString();
    }
}
