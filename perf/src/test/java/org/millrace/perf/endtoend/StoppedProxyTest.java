package org.millrace.perf.endtoend;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.Millrace;

/** Nothing of the process holds a proxy that was stopped: who starts one in his own process gets the heap back. */
@Timeout(60)
@Tag("faults")
class StoppedProxyTest {
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldLeaveNothingOnTheHeap(LaneKind kind) throws IOException {
        WeakReference<Millrace> stopped = useAndStop(kind);
        Await.until(() -> "the stopped proxy is still held", Duration.ofSeconds(10), () -> {
            System.gc();
            return stopped.refersTo(null);
        });
    }

    private static WeakReference<Millrace> useAndStop(LaneKind kind) throws IOException {
        try (ProxyKit kit = ProxyKit.with(kind).servers(1).start()) {
            kit.client().expect("+OK\r\n", "SET", "k", "v");
            kit.assertQuiet();
            return new WeakReference<>(kit.millrace());
        }
    }
}
