package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** libmemcached's own tests of a memcached server by the text protocol: the proxy passes what the server passes. */
@Timeout(120)
class MemccapableTest {
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldPassAsTheServerDoes(LaneKind kind) throws Exception {
        try (MemcachedKit kit = MemcachedKit.start(kind, 1)) {
            List<String> direct = run(kit.server(0).port());
            assertTrue(direct.size() > 20, direct::toString);
            assertEquals("All tests passed", direct.getLast());
            assertEquals(direct, run(kit.proxy().port()));
        }
    }

    private static List<String> run(int port) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder("memccapable", "-h", "127.0.0.1", "-p", Integer.toString(port), "-a", "-t",
                "30").redirectErrorStream(true).start();
        } catch (IOException e) {
            Assumptions.abort("memccapable is not installed: " + e.getMessage());
            return List.of();
        }
        try (BufferedReader lines = process.inputReader()) {
            List<String> seen = lines.lines().toList();
            assertEquals(0, process.waitFor(), seen::toString);
            return seen;
        }
    }
}
