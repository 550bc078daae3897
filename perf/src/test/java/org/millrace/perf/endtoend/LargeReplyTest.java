package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values far larger than the share of memory that each client could have pass through, and others are served. */
@Timeout(120)
class LargeReplyTest {
    private static final int VALUE = 64 << 20;
    private static final long MEMORY = 64 << 20;
    private static final int CLIENTS = 6;
    /** A thread for each: the common pool may have only one. */
    private static final Executor ASIDE = task -> Thread.ofPlatform().daemon().start(task);

    @ParameterizedTest
    @EnumSource(LaneKind.class)
    void shouldPassValuesAsLargeAsAllMemoryToManyClientsAtOnce(LaneKind kind) throws IOException {
        String memory = MEMORY * (kind == LaneKind.SPLIT ? 2 : 1) + "";
        try (ProxyKit kit = ProxyKit.with(kind).servers(2).limit("max_memory", memory).limit("max_message", "64mb")
            .start()) {
            String key = kit.keyOn(0, "large", 0);
            kit.server(0).call("SETRANGE", key, Integer.toString(VALUE - 100), "the end");
            byte[] expected = Resp.request("GET", key);
            RawClient mute = kit.client();
            mute.send(expected);
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<Long> most = CompletableFuture.supplyAsync(() -> mostReserved(kit, done), ASIDE);
            List<CompletableFuture<String>> readers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                RawClient client = kit.client();
                readers.add(CompletableFuture.supplyAsync(() -> read(client, expected), ASIDE));
            }
            RawClient small = kit.client();
            for (int i = 0; i < 200; i++) {
                small.expect("+OK\r\n", "SET", kit.keyOn(1, "small", 0), "v" + i);
            }
            String whole = "$" + (VALUE - 93) + ", the end\r\n";
            for (CompletableFuture<String> reader : readers) {
                assertEquals(whole, reader.join());
            }
            done.set(true);
            assertTrue(most.join() <= Long.parseLong(memory), most.join() + " bytes reserved");
        }
    }

    private static String read(RawClient client, byte[] request) {
        try {
            client.send(request);
            StringBuilder header = new StringBuilder();
            while (header.length() < 2 || header.charAt(header.length() - 1) != '\n') {
                header.append((char) client.exactly(1)[0]);
            }
            long length = Long.parseLong(header.substring(1, header.length() - 2));
            for (long left = length - 7; left > 0;) {
                int next = (int) Math.min(left, 1 << 20);
                byte[] zeros = client.exactly(next);
                for (byte zero : zeros) {
                    if (zero != 0) {
                        return "a byte is wrong";
                    }
                }
                left -= next;
            }
            return "$" + length + ", " + Resp.text(client.exactly(9));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static long mostReserved(ProxyKit kit, AtomicBoolean done) {
        long most = 0;
        while (!done.get()) {
            most = Math.max(most, kit.millrace().totals().bytesReserved());
            LockSupport.parkNanos(100_000);
        }
        return most;
    }
}
