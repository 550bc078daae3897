package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.perf.check.CheckConfig;
import org.millrace.perf.check.CheckResult;
import org.millrace.perf.check.OrderChecker;

/** A random load of all commands at all depths: every reply is its own request's. */
@Timeout(120)
class OrderTest {
    private static final int REQUESTS = 100_000;

    @ParameterizedTest
    @CsvSource({"FUSED,1,1", "FUSED,4,1", "FUSED,1,3", "SPLIT,1,1", "SPLIT,4,1"})
    void shouldGiveEachRequestItsOwnReply(LaneKind kind, int connections, int lanes) throws Exception {
        try (ProxyKit kit = ProxyKit.with(kind).pool("server_connections", Integer.toString(connections))
            .engine("lanes", Integer.toString(lanes)).start()) {
            CheckResult result = OrderChecker.run(new CheckConfig()
                .target(new InetSocketAddress("127.0.0.1", kit.port())).requests(REQUESTS).maxValueSize(128 << 10)
                .seed(7 + connections));
            assertEquals(List.of(), result.texts());
            assertEquals(0, result.wrong());
            assertTrue(result.isOk(), result::toString);
        }
    }
}
