package org.millrace.perf.jmh;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Whether benchmarks allocate, by JMH's gc profiler. All of this build are of what each request passes: none may. */
public final class AllocationCheck {
    /** Most bytes an operation: what JMH itself and a JVM that compiles leave over, and no object. */
    public static final double BYTES_MAX = 0.01;
    private static final String BYTES_PER_OPERATION = "gc.alloc.rate.norm";
    private static final int ITERATIONS = 3;
    private static final int WARMING = 4;
    private static final int LONGER = 14;
    private static final TimeValue TIME = TimeValue.milliseconds(500);

    private AllocationCheck() {
    }

    /**
     * Runs the benchmarks that these options choose, and tells what each allocates.
     *
     * @param given what they do not say is chosen so that a check of all takes minutes, not hours
     * @return false if one allocates, or could not be measured
     * @throws RunnerException if JMH cannot run them, or there is none
     */
    public static boolean run(Options given, PrintStream out) throws RunnerException {
        Options brief = options(given);
        Collection<RunResult> results = new Runner(brief).run();
        int failed = 0;
        out.println();
        for (RunResult result : results) {
            double bytes = bytesPerOperation(result);
            if (!isFree(bytes)) {
                bytes = bytesPerOperation(new Runner(longer(brief, result.getParams())).runSingle());
            }
            failed += isFree(bytes) ? 0 : 1;
            out.println(label(result.getParams()) + ": " + String.format(Locale.ROOT, "%.4f", bytes) + " B/op"
                + (isFree(bytes) ? "" : ", ALLOCATES"));
        }
        out.println(failed + " of " + results.size() + " allocate more than " + BYTES_MAX + " B/op");
        return failed == 0;
    }

    /** No figure at all is none. */
    private static boolean isFree(double bytesPerOperation) {
        return bytesPerOperation <= BYTES_MAX;
    }

    /**
     * One benchmark again, for long. JMH takes some kilobytes for each iteration, and megabytes for the last one, which
     * is too much for each operation where there were few; what an operation takes it takes as well in long iterations.
     */
    private static Options longer(Options brief, BenchmarkParams params) {
        ChainedOptionsBuilder builder = new OptionsBuilder().include('^' + Pattern.quote(params.getBenchmark()) + '$')
            .shouldFailOnError(true).addProfiler(GCProfiler.class).verbosity(brief.verbosity().orElse(
                VerboseMode.NORMAL)).forks(brief.getForkCount().orElse(1)).warmupIterations(1)
            .measurementIterations(ITERATIONS)
            .warmupTime(times(brief.getMeasurementTime().orElse(TIME), WARMING))
            .measurementTime(times(brief.getMeasurementTime().orElse(TIME), LONGER));
        if (brief.getJvmArgsPrepend().hasValue()) {
            builder.jvmArgsPrepend(brief.getJvmArgsPrepend().get().toArray(String[]::new));
        }
        params.getParamsKeys().forEach(key -> builder.param(key, params.getParam(key)));
        return builder.build();
    }

    private static TimeValue times(TimeValue time, int factor) {
        return TimeValue.milliseconds(time.convertTo(TimeUnit.MILLISECONDS) * factor);
    }

    private static Options options(Options given) {
        ChainedOptionsBuilder builder = new OptionsBuilder().parent(given).shouldFailOnError(true);
        if (given.getProfilers().stream().noneMatch(each -> each.getKlass().equals("gc"))) {
            builder.addProfiler(GCProfiler.class);
        }
        builder.forks(given.getForkCount().orElse(1));
        builder.warmupIterations(given.getWarmupIterations().orElse(ITERATIONS));
        builder.warmupTime(given.getWarmupTime().orElse(TIME));
        builder.measurementIterations(given.getMeasurementIterations().orElse(ITERATIONS));
        builder.measurementTime(given.getMeasurementTime().orElse(TIME));
        return builder.build();
    }

    /** The median of all iterations: what an operation allocates is in each, what the JVM does at times is not. */
    private static double bytesPerOperation(RunResult result) {
        List<Double> each = new ArrayList<>();
        result.getBenchmarkResults().forEach(fork -> {
            for (IterationResult iteration : fork.getIterationResults()) {
                Result<?> bytes = iteration.getSecondaryResults().get(BYTES_PER_OPERATION);
                each.add(bytes == null ? Double.NaN : bytes.getScore());
            }
        });
        each.sort(null);
        return each.isEmpty() ? Double.NaN : each.get(each.size() / 2);
    }

    private static String label(BenchmarkParams params) {
        String name = params.getBenchmark();
        StringBuilder label = new StringBuilder(name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1));
        for (String key : params.getParamsKeys()) {
            label.append(' ').append(key).append('=').append(params.getParam(key));
        }
        return label.toString();
    }
}
