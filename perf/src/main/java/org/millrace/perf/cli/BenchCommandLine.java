package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.millrace.perf.jmh.AllocationCheck;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** {@code bench}: the JMH benchmarks with the JVM flags that the engine needs. */
final class BenchCommandLine implements Command {
    private static final String CHECK = "--check-allocation";
    private static final String FLAGS = "-jvmArgsPrepend";
    private static final String BENCHMARKS = "/META-INF/BenchmarkList";
    private static final String NEEDED =
        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED --enable-native-access=ALL-UNNAMED";

    @Override
    public String name() {
        return "bench";
    }

    @Override
    public String summary() {
        return "run the JMH benchmarks; all further arguments are JMH's";
    }

    @Override
    public String usage() {
        return """
            Usage: millrace bench [--check-allocation] [JMH arguments]

            Runs the benchmarks of this build. JMH's own arguments choose and shape them. With --check-allocation each
            runs briefly under JMH's gc profiler, and the run fails if one allocates more than 0.01 bytes an operation.

            Examples
              millrace bench -l                       names of all benchmarks
              millrace bench Framer -f 1 -wi 3 -i 5   those with Framer in their name, briefly
              millrace bench -prof gc -rf json        with allocation figures and a JSON file
              millrace bench --check-allocation       all of them, which takes a quarter of an hour
              millrace bench --check-allocation RequestPath -p servers=4
              millrace bench -h                       JMH's help

            Exit code with --check-allocation: 0 none allocates, 1 it could not start, 2 one allocates.
            """;
    }

    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public int run(List<String> args, PrintStream out, GracefulExit exit) throws IOException {
        if (BenchCommandLine.class.getResource(BENCHMARKS) == null) {
            throw new IOException("this build holds no benchmarks; use the jar that \"mvn package\" makes");
        }
        exit.disarm();
        if (args.contains(CHECK)) {
            return checkAllocation(args.stream().filter(each -> !each.equals(CHECK)).toList(), out);
        }
        org.openjdk.jmh.Main.main(withFlags(args));
        return OK;
    }

    private static int checkAllocation(List<String> args, PrintStream out) throws IOException {
        try {
            return AllocationCheck.run(new CommandLineOptions(withFlags(args)), out) ? OK : FAILED;
        } catch (CommandLineOptionException e) {
            throw new UsageException(e.getMessage());
        } catch (NoBenchmarksException e) {
            throw new UsageException("no benchmark has such a name; -l lists them");
        } catch (RunnerException e) {
            throw new IOException("JMH cannot run them: " + e.getMessage(), e);
        }
    }

    /** The arguments with the engine's JVM flags for the forked JVMs, unless the user sets his own. */
    static String[] withFlags(List<String> args) {
        List<String> all = new ArrayList<>(args);
        if (!all.contains(FLAGS)) {
            all.add(FLAGS);
            all.add(NEEDED);
        }
        return all.toArray(String[]::new);
    }
}
