package org.millrace.perf.pressure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.perf.server.ProxyYaml;

/** The soak soaks, samples and judges. */
@Timeout(60)
class SoakTest {
    private static final long MS = 1_000_000;

    @Test
    void shouldSampleUnderChurnWithoutAnError() throws Exception {
        Soak soak = new Soak(new SoakOptions(2500 * MS, 250 * MS, 1000 * MS, 2000, 5, 0, 1e9, 1e9), Quiet.stream());
        soak.run(InProcessProxy::start, new ProxyYaml());
        String report = soak.report();
        assertTrue(soak.isKept(), report);
        assertTrue(report.contains("errors: 0;"), report);
        assertTrue(soak.svg().contains("descriptors"), soak.svg());
        assertTrue(soak.json().toString().contains("\"errors\": 0"), soak.json().toString());
    }

    @Test
    void shouldTellFlatFromGrowing() {
        SoakSeries growing = new SoakSeries("growing", 0);
        SoakSeries flat = new SoakSeries("flat", 0);
        for (int i = 0; i < 30; i++) {
            growing.add(i * 60, 100 + i);
            flat.add(i * 60, i % 3 == 0 ? Double.NaN : 100 + i % 3);
        }
        assertFalse(growing.isFlat(0.05));
        assertEquals(60, growing.perHour(), 1e-6);
        assertTrue(flat.isFlat(0.05));
    }

    @Test
    void shouldReadTheCollectorsLog(@TempDir Path folder) throws Exception {
        Path log = Files.writeString(folder.resolve("gc.log"), """
            [0.010s][info][gc] Using Serial
            [12.345s][info][gc          ] GC(3) Pause Young (Allocation Failure) 20M->1M(61M) 2.345ms
            [13.345s][info][gc,start    ] GC(4) Pause Full (Diagnostic Command)
            [13.400s][info][gc] GC(4) Pause Full (Diagnostic Command) 5M->2M(61M) 31.500ms
            """);
        List<GcLog.Pause> pauses = GcLog.read(log);
        assertEquals(2, pauses.size());
        assertEquals(2.345, pauses.get(0).pauseMs());
        assertFalse(pauses.get(0).isAskedFor());
        assertTrue(pauses.get(1).isAskedFor());
        assertEquals(2, pauses.get(1).leftMib());
        assertTrue(GcLog.read(null).isEmpty());
    }
}
