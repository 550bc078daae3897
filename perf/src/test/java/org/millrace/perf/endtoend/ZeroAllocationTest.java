package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A warm proxy serves requests without a single object for each. */
@Timeout(60)
class ZeroAllocationTest {
    private static final int BATCH = 2_000;
    private static final int BATCHES = 100;
    private static final int WARM_UPS = 2;

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldNotAllocateForRequests(LaneKind kind) throws IOException {
        try (ProxyKit kit = ProxyKit.with(kind).servers(2).start(); RawClient client = kit.client()) {
            ByteArrayOutputStream requests = new ByteArrayOutputStream();
            ByteArrayOutputStream replies = new ByteArrayOutputStream();
            for (int i = 0; i < BATCH / 2; i++) {
                requests.writeBytes(Resp.request("SET", "key:" + i, "value"));
                replies.writeBytes(Resp.bytes("+OK\r\n"));
                requests.writeBytes(Resp.request("GET", "key:" + i));
                replies.writeBytes(Resp.bytes("$5\r\nvalue\r\n"));
            }
            for (int i = 0; i < WARM_UPS; i++) {
                drive(client, requests.toByteArray(), replies.toByteArray());
            }
            long before = allocatedBytes(kit);
            drive(client, requests.toByteArray(), replies.toByteArray());
            double perRequest = (double) (allocatedBytes(kit) - before) / (BATCH * BATCHES);
            assertTrue(perRequest < 1, "bytes allocated for each request: " + perRequest);
        }
    }

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldNotAllocateForRequestsOfMemcached(LaneKind kind) throws IOException {
        try (MemcachedKit kit = MemcachedKit.start(kind, 2); RawClient client = kit.proxy().client()) {
            StringBuilder requests = new StringBuilder();
            StringBuilder replies = new StringBuilder();
            for (int i = 0; i < BATCH / 5; i++) {
                requests.append("set a").append(i).append(" 0 0 5\r\nvalue\r\nset b").append(i)
                    .append(" 0 0 5 noreply\r\nvalue\r\nms c").append(i).append(" 5 q\r\nvalue\r\nget a").append(i)
                    .append("\r\nget a").append(i).append(" none b").append(i).append(" c").append(i).append("\r\n");
                replies.append("STORED\r\n").append(MemcachedKit.value("a" + i, "value")).append("END\r\n");
                for (String key : new String[] {"a", "b", "c"}) {
                    replies.append(MemcachedKit.value(key + i, "value"));
                }
                replies.append("END\r\n");
            }
            byte[] sent = MemcachedKit.bytes(requests.toString());
            byte[] expected = MemcachedKit.bytes(replies.toString());
            for (int i = 0; i < WARM_UPS; i++) {
                drive(client, sent, expected);
            }
            long before = allocatedBytes(kit.proxy());
            drive(client, sent, expected);
            double perRequest = (double) (allocatedBytes(kit.proxy()) - before) / (BATCH * BATCHES);
            assertTrue(perRequest < 1, "bytes allocated for each request: " + perRequest);
        }
    }

    private static void drive(RawClient client, byte[] requests, byte[] replies) throws IOException {
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < BATCHES; i++) {
                    client.send(requests);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int i = 0; i < BATCHES; i++) {
            assertEquals(Resp.text(replies), Resp.text(client.exactly(replies.length)));
        }
        sent.join();
    }

    private static long allocatedBytes(ProxyKit kit) {
        ThreadMXBean bean = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        return kit.millrace().lanes().stream().flatMap(lane -> lane.threads().stream())
            .mapToLong(each -> bean.getThreadAllocatedBytes(each.thread().threadId())).sum();
    }
}
