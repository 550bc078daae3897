package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.count.ServerCounter;
import org.millrace.perf.check.CheckConfig;
import org.millrace.perf.check.CheckResult;
import org.millrace.perf.check.OrderChecker;

/** On {@code lanes: auto} whoever comes at once has the first lane; what nobody needs costs nothing. */
@Timeout(120)
@Tag("alone")
class AutoLanesTest {
    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldLeaveFurtherLanesAloneUntilTheyAreNeeded(LaneKind kind) throws Exception {
        try (ProxyKit kit = ProxyKit.with(kind).engine("lanes", "auto").limit("max_memory", "1gb").start();
            RawClient client = kit.client()) {
            CheckResult result = OrderChecker.run(new CheckConfig()
                .target(new InetSocketAddress("127.0.0.1", kit.port())).requests(20_000).maxValueSize(4 << 10));
            assertTrue(result.isOk(), result::toString);
            List<LaneHandle> lanes = kit.millrace().lanes();
            assertTrue(lanes.size() > 1 || Runtime.getRuntime().availableProcessors() == 1);
            long links = 0;
            for (int server = 0; server < 4; server++) {
                links += kit.millrace().totals().server(0, server, ServerCounter.SERVER_CONNECTIONS);
            }
            assertEquals(4, links, "those of one lane");
            List<LaneHandle> unused = lanes.subList(1, lanes.size());
            List<Long> turns = unused.stream().map(AutoLanesTest::turns).toList();
            for (int i = 0; i < 1000; i++) {
                client.expect("+PONG\r\n", "PING");
            }
            assertEquals(turns, unused.stream().map(AutoLanesTest::turns).toList(), "they do not even turn");
            unused.forEach(lane -> assertTrue(lane.lane().isResting()));
        }
    }

    private static long turns(LaneHandle lane) {
        return lane.threads().stream().mapToLong(each -> each.turns()).sum();
    }
}
