package org.millrace.perf.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gate's script runs from end to end, and its arithmetic tells a change from noise. */
@Timeout(150)
class GateTest {
    private static final long LIMIT_S = 120;

    @TempDir
    private Path folder;

    /** Two runs, each of two builds, and a third that is not needed any more. */
    @Test
    void shouldProveItselfRunForRunAndKeepTheHistory() throws Exception {
        ScriptSmokeTest.assumePrograms("python3", "git", "redis-server", "redis-benchmark");
        // The launcher that stands in takes classes, not jars: what is copied and compared is one build twice.
        Files.writeString(folder.resolve("base.jar"), "");
        Files.writeString(folder.resolve("slow.jar"), "");
        List<String> options = List.of("--rounds", "2", "--rounds-max", "3", "--pairs", "1", "--seconds", "0.02",
            "--warm", "0", "--keys", "1000", "--load", "c2P4:get", "--load", "c1P1:set", "--transport", "nio");
        Files.writeString(folder.resolve("about.json"), "{\"commit\": \"" + commit()
            + "\", \"share\": 0.03, \"gate\": [\"" + String.join("\", \"", options) + "\"]}\n");
        List<String> proof = new ArrayList<>(List.of("gate-proof", "--folder", folder.toString(), "--runs", "1"));
        proof.addAll(options);
        String said = "";
        for (int call = 1; call <= 2; call++) {
            Process process = ScriptSmokeTest.start(folder, proof);
            said = new String(process.getInputStream().readAllBytes());
            assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS), said);
            // a slow build that is none, and so short runs that noise may pass for a change, or is too much
            assertTrue(process.exitValue() <= 1, said);
            for (String part : List.of("| 1 | base beside slow | ", "| 2 | base beside itself | ")) {
                assertTrue(said.contains(part), said);
            }
        }
        assertFalse(said.contains("run 1 of "), "done again: " + said);
        List<String> history = Files.readAllLines(folder.resolve("gate.jsonl"));
        assertEquals(2, history.size());
        assertTrue(history.getLast().contains("\"c2P4 GET\": {\"ratio\": "));
        assertEquals(3, Files.readString(folder.resolve("gate.html")).split("<polyline", -1).length - 1);
    }

    private static String commit() throws IOException {
        Process git = new ProcessBuilder("git", "rev-parse", "--short=10", "HEAD").start();
        return new String(git.getInputStream().readAllBytes()).strip();
    }

    /** Else the proof could not build it. */
    @Test
    void shouldHaveASlowDownThatFitsTheSources() throws Exception {
        ScriptSmokeTest.assumePrograms("git");
        Process git = new ProcessBuilder("git", "apply", "--check", "-C1", "perf/lab/slower.patch")
            .directory(Path.of("..").toFile()).redirectErrorStream(true).start();
        String said = new String(git.getInputStream().readAllBytes());
        assertEquals(0, git.waitFor(), said);
    }

    @Test
    void shouldNameACommitThatIsNone() throws Exception {
        ScriptSmokeTest.assumePrograms("python3", "redis-server", "redis-benchmark", "git");
        Process process = ScriptSmokeTest.start(folder, List.of("gate", "--base", "no-such-commit"));
        String said = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS), said);
        assertEquals(2, process.exitValue(), said);
        assertTrue(said.contains("gate: git rev-parse"), said);
    }

    /**
     * On a machine where the ratios scatter by 4 %, it takes more rounds until 3 % are found, and they are; where they
     * scatter by 20 % that is said, after the most there may be. Where they hardly do, what is found has to stand with
     * twice as many.
     */
    @Test
    void shouldTakeAsManyRoundsAsTheMachineAsksFor() throws Exception {
        String said = python("""
            bootstrap.RESAMPLES = 500
            draw = random.Random(815)
            cases = (1.03, 0.04, 5), (1.0, 0.04, 5), (1.0, 0.005, 3), (1.03, 0.01, 3), (1.0, 0.2, 1)
            for change, scatter, times in cases:
                states, counts, seen = [], [], []
                for _ in range(times):
                    judge = lambda rounds: [verdict.Finding("x", list(rounds))]
                    rounds, found = verdict.until_it_sees(0.03, 12, 60, lambda number: change * math.exp(
                        draw.gauss(0, scatter)), judge, lambda finding, numbers: None)
                    states.append(found[-1].state)
                    counts.append(len(rounds))
                    seen.append(found[-1].sees(0.03))
                print(states.count("SLOWER"), states.count("faster"), min(counts), max(counts), seen.count(True))
            """);
        List<List<Integer>> counts = numbers(said);
        assertEquals(5, counts.size(), said);
        assertTrue(counts.get(0).get(0) >= 4 && counts.get(0).get(1) == 0 && counts.get(0).get(2) > 12, said);
        assertTrue(counts.get(1).get(0) + counts.get(1).get(1) <= 1 && counts.get(1).get(2) > 12, said);
        assertEquals(List.of(0, 0, 12, 12, 3), counts.get(2));
        assertEquals(List.of(3, 0, 24, 24, 3), counts.get(3));
        assertEquals(List.of(60, 60, 0), counts.get(4).subList(2, 5));
    }

    private String python(String lines) throws Exception {
        ScriptSmokeTest.assumePrograms("python3");
        Path script = Files.writeString(folder.resolve("simulated.py"), """
            import math, random, sys
            sys.dont_write_bytecode = True
            sys.path.insert(0, sys.argv[1])
            from lab import bootstrap, verdict
            """ + lines);
        Process process = new ProcessBuilder("python3", script.toString(), Path.of("").toAbsolutePath().toString())
            .redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS), said);
        return said;
    }

    private static List<List<Integer>> numbers(String said) {
        return said.lines().map(line -> List.of(line.split(" ")).stream().map(Integer::valueOf).toList()).toList();
    }

    /**
     * Twelve rounds whose ratios scatter by 2 %, sixty times: 3 % more or less is found in at least 45 of them, and
     * something where there is no change in at most 3.
     */
    @Test
    void shouldSeeThreePerCentAndStaySilentWithoutThem() throws Exception {
        String said = python("""
            bootstrap.RESAMPLES = 1000
            draw = random.Random(4711)
            for change in (1.03, 1.0, 0.97):
                states = [verdict.Finding("x", [change * math.exp(draw.gauss(0, 0.02)) for _ in range(12)]).state
                          for _ in range(60)]
                print(states.count("SLOWER"), states.count("faster"))
            """);
        List<List<Integer>> counts = numbers(said);
        assertEquals(3, counts.size(), said);
        assertTrue(counts.get(0).get(0) >= 45 && counts.get(0).get(1) == 0, said);
        assertTrue(counts.get(1).get(0) + counts.get(1).get(1) <= 3, said);
        assertTrue(counts.get(2).get(1) >= 45 && counts.get(2).get(0) == 0, said);
    }
}
