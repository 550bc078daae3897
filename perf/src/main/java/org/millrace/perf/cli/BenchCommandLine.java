package org.millrace.perf.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** {@code bench}: the JMH benchmarks with the JVM flags that the engine needs. */
final class BenchCommandLine implements Command {
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
            Usage: millrace bench [JMH arguments]

            Runs the benchmarks of this build. JMH's own arguments choose and shape them.

            Examples
              millrace bench -l                       names of all benchmarks
              millrace bench Framer -f 1 -wi 3 -i 5   those with Framer in their name, briefly
              millrace bench -prof gc -rf json        with allocation figures and a JSON file
              millrace bench -h                       JMH's help
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
        org.openjdk.jmh.Main.main(withFlags(args));
        return OK;
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
