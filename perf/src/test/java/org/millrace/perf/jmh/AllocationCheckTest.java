package org.millrace.perf.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** The check finds who allocates, however little, and nobody else. */
class AllocationCheckTest {
    private static final String BRIEFLY = " -f 0 -wi 3 -w 50ms -i 3 -r 30ms -v SILENT";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "AllocatingBenchmark.free | true | 0 of 1 allocate",
        "AllocatingBenchmark.allocating | false | AllocatingBenchmark.allocating size=16: 0.03",
        "AllocatingBenchmark | false | 1 of 2 allocate",
        "CommandLookupBenchmark.known | true | CommandLookupBenchmark.known: 0.00"})
    void shouldFailWhereABenchmarkAllocates(String line, boolean free, String said)
            throws RunnerException, CommandLineOptionException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CommandLineOptions options = new CommandLineOptions((line + BRIEFLY).split(" "));

        boolean outcome = AllocationCheck.run(options, new PrintStream(out, true, StandardCharsets.UTF_8));

        String text = out.toString(StandardCharsets.UTF_8);
        assertEquals(free, outcome, text);
        assertTrue(text.contains(said), text);
    }
}
