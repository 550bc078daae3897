package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.engine.Surroundings;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.count.ClientHalfCounter;

/**
 * On {@code lanes: auto} a crowd that connects while nothing is to do is on one lane; when it gets busy, clients move
 * to others, and come back when it is quiet. Nobody loses a reply or gets one out of order: each client counts in
 * Redis.
 */
@Timeout(120)
@Tag("alone")
class CrowdTest {
    private static final int CLIENTS = 64;
    private static final int THREADS = 4;
    /** Of a pipeline: what the lane answers itself makes it busy, not the server or those who ask. */
    private static final int PINGS = 400;
    /** Far fewer than the first move takes, if those who ask make pauses. */
    private static final int SPREAD = CLIENTS / 8;
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final List<Member> crowd = new ArrayList<>();
    private final List<Thread> loads = new ArrayList<>();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicReference<String> trouble = new AtomicReference<>();
    private final AtomicLong aheadNs = new AtomicLong();

    @ParameterizedTest
    @EnumSource(value = LaneKind.class, names = {"FUSED", "FUSED_ON_NIO"})
    void shouldSpreadACrowdThatGetsBusyAndGatherItWhenItIsQuiet(LaneKind kind) throws Exception {
        // a lane that yields tells the time of its turns, whatever else wants the processors of this machine
        Surroundings idleMachine = new Surroundings(() -> 0, () -> System.nanoTime() + aheadNs.get());
        try (ProxyKit kit = ProxyKit.with(kind).servers(1).engine("lanes", "auto").engine("wait_strategy", "yielding")
            .engine("moderation_us", "0").limit("max_memory", "1gb").in(idleMachine).start()) {
            Assumptions.assumeTrue(kit.millrace().lanes().size() > 1, "there is one processor");
            try {
                for (int i = 0; i < CLIENTS; i++) {
                    crowd.add(new Member(kit.port(), "member" + i));
                    crowd.getLast().ask(0);
                    crowd.getLast().check(0);
                }
                assertEquals(CLIENTS, clients(kit, 0), "of a crowd that does nothing");
                load();
                Await.until(() -> state(kit), LIMIT, () -> trouble.get() != null
                    || clients(kit, 1) >= SPREAD && moved(kit, ClientHalfCounter.MOVED_IN) >= SPREAD);
                assertTrue(kit.log().contains("lane 1 gets clients, too: the others are busy"), kit::log);
                end();
                assertNull(trouble.get(), () -> state(kit));
                assertEquals(CLIENTS, total(kit), "nobody is lost or counted twice");
                gather(kit);
                assertTrue(kit.log().contains("lane 1 gets no more clients: the others can carry the load"), kit::log);
                for (Member each : crowd) {
                    each.ask(0);
                    each.check(0);
                }
                assertEquals(moved(kit, ClientHalfCounter.MOVED_IN), moved(kit, ClientHalfCounter.MOVED_OUT));
                try (RawClient operator = new RawClient(kit.port())) {
                    String info = operator.call("INFO", "lanes");
                    long came = count(kit, 1, ClientHalfCounter.MOVED_IN);
                    assertTrue(came >= SPREAD && info.contains(",moved_in=" + came + ",moved_out=" + came + ','), info);
                    assertTrue(info.contains("\r\nlane_1:clients=0,") && info.contains(",open=0"), info);
                }
            } finally {
                end();
                for (Member each : crowd) {
                    each.channel.close();
                }
            }
        }
    }

    /** All ask at the same time, as fast as they get answers. */
    private void load() {
        for (int i = 0; i < THREADS; i++) {
            List<Member> some = crowd.subList(i * CLIENTS / THREADS, (i + 1) * CLIENTS / THREADS);
            loads.add(Thread.ofPlatform().start(() -> {
                try {
                    while (!ending.get() && trouble.get() == null) {
                        for (Member each : some) {
                            each.ask(PINGS);
                        }
                        for (Member each : some) {
                            each.check(PINGS);
                        }
                    }
                } catch (IOException | AssertionError e) {
                    trouble.compareAndSet(null, e.toString());
                }
            }));
        }
    }

    private void end() throws InterruptedException {
        ending.set(true);
        for (Thread each : loads) {
            each.join();
        }
    }

    /** Lets time fly, in steps that leave the lanes turns enough to let their clients go. */
    private void gather(ProxyKit kit) {
        AtomicLong looks = new AtomicLong();
        Await.until(() -> state(kit), LIMIT, () -> {
            if (looks.getAndIncrement() % 100 == 0) {
                aheadNs.addAndGet(TimeUnit.SECONDS.toNanos(1));
            }
            return clients(kit, 0) == CLIENTS && total(kit) == CLIENTS;
        });
    }

    private static int clients(ProxyKit kit, int lane) {
        return kit.millrace().lanes().get(lane).clientCount();
    }

    private static int total(ProxyKit kit) {
        return kit.millrace().lanes().stream().mapToInt(LaneHandle::clientCount).sum();
    }

    private static long moved(ProxyKit kit, ClientHalfCounter counter) {
        return kit.millrace().totals().clients(counter);
    }

    private static long count(ProxyKit kit, int lane, ClientHalfCounter counter) {
        return kit.millrace().lanes().get(lane).lane().client().state().counters().get(counter);
    }

    private String state(ProxyKit kit) {
        return trouble.get() + ", clients of lanes: " + kit.millrace().lanes().stream().map(LaneHandle::clientCount)
            .toList() + ", moved in " + moved(kit, ClientHalfCounter.MOVED_IN) + ", refused "
            + moved(kit, ClientHalfCounter.MOVES_REFUSED) + '\n' + kit.log();
    }

    /** One of the crowd: asks for PONGs, and the next number behind them. */
    private static final class Member {
        private static final String PING = "*1\r\n$4\r\nPING\r\n";

        private final SocketChannel channel;
        private final String key;
        private long number;

        private Member(int port, String key) throws IOException {
            channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            this.key = key;
        }

        private void ask(int pings) throws IOException {
            ByteBuffer wire = wire(PING.repeat(pings) + "*2\r\n$4\r\nINCR\r\n$" + key.length() + "\r\n" + key + "\r\n");
            while (wire.hasRemaining()) {
                channel.write(wire);
            }
        }

        private void check(int pings) throws IOException {
            ByteBuffer wanted = wire("+PONG\r\n".repeat(pings) + ":" + ++number + "\r\n");
            ByteBuffer got = ByteBuffer.allocate(wanted.remaining());
            while (got.hasRemaining()) {
                assertTrue(channel.read(got) >= 0, () -> key + " was hung up on");
            }
            assertEquals(wanted, got.flip(), () -> key + " has got " + StandardCharsets.US_ASCII.decode(got));
        }

        private static ByteBuffer wire(String text) {
            return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
