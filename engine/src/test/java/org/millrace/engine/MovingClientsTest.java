package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.io.uring.UringSupport;

/**
 * Clients move between lanes amid their traffic, on real sockets, whatever else happens meanwhile: each gets every
 * answer, in order.
 */
@Timeout(90)
@Tag("faults")
class MovingClientsTest {
    private static final int CLIENTS = 12;

    @TempDir
    private Path folder;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private String engine;

    private MillraceConfig config(String... pools) {
        return ConfigReader.read("test.yml", engine + String.join("", pools));
    }

    private Millrace start(String transport, String threads, String... pools) throws IOException {
        Assumptions.assumeTrue(transport.equals("nio") || UringSupport.probe() == null, UringSupport::probe);
        engine = "millrace:\n  lanes: 2\n  transport: " + transport + "\n  stage_threads: " + threads + "\n";
        return Millrace.start(config(pools), new StartOptions("127.0.0.1", 0,
            new PrintStream(log, true, StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({"nio,fused", "nio,split", "io_uring,fused", "io_uring,split"})
    void shouldLoseNoAnswerOfClientsThatMove(String transport, String threads) throws Exception {
        try (MovingCrowd crowd = new MovingCrowd(folder);
            Millrace millrace = start(transport, threads, crowd.pool("alpha"))) {
            crowd.connect("alpha", CLIENTS, false);
            while (connected(millrace) < CLIENTS) {
                LockSupport.parkNanos(1_000_000);
            }
            while (moved(millrace, ClientHalfCounter.MOVED_IN) < CLIENTS && crowd.wrong().isEmpty()) {
                MovingCrowd.move(millrace, 0);
                MovingCrowd.move(millrace, 1);
                for (int i = 0; i < 100; i++) {
                    assertEquals(CLIENTS, connected(millrace), "clients that are counted while some move");
                    LockSupport.parkNanos(100_000);
                }
            }
            assertEquals(moved(millrace, ClientHalfCounter.MOVED_OUT), moved(millrace, ClientHalfCounter.MOVED_IN));
            crowd.end();
            assertEquals(List.of(), crowd.wrong());
            assertEquals(0, millrace.errors(), log::toString);
            assertTrue(millrace.stop());
        }
    }

    @ParameterizedTest
    @CsvSource({"nio,fused", "io_uring,fused", "io_uring,split"})
    void shouldEndClientsOfAPoolThatIsRemovedWhileTheyMove(String transport, String threads) throws Exception {
        try (MovingCrowd crowd = new MovingCrowd(folder);
            Millrace millrace = start(transport, threads, crowd.pool("alpha"), crowd.pool("beta"))) {
            int going = millrace.totals().topology().poolIndexOf("beta");
            crowd.connect("alpha", CLIENTS / 2, false);
            crowd.connect("beta", CLIENTS / 2, true);
            crowd.progress(100);
            crowd.move(millrace);
            MovingCrowd.await("nobody moves", () -> moved(millrace, ClientHalfCounter.MOVED_IN) > 0);
            List<String> told = millrace.reload(config(crowd.pool("alpha")));
            assertEquals(0, told.stream().filter(line -> line.startsWith("but:")).count(), told::toString);
            crowd.progress(100);
            MovingCrowd.await("some are left",
                () -> millrace.totals().pool(going, PoolCounter.CLIENT_CONNECTIONS) == 0);
            crowd.end();
            assertEquals(List.of(), crowd.wrong());
            assertEquals(0, millrace.errors(), log::toString);
            assertTrue(millrace.stop());
        }
    }

    @ParameterizedTest
    @CsvSource({"nio,fused", "io_uring,fused", "io_uring,split"})
    void shouldStopInGoodOrderWhileClientsMove(String transport, String threads) throws Exception {
        try (MovingCrowd crowd = new MovingCrowd(folder);
            Millrace millrace = start(transport, threads, crowd.pool("alpha"))) {
            crowd.connect("alpha", CLIENTS, true);
            crowd.progress(100);
            crowd.move(millrace);
            MovingCrowd.await("nobody moves", () -> moved(millrace, ClientHalfCounter.MOVED_IN) > 0);
            assertTrue(millrace.stop(), "what was in flight was answered");
            // whose socket were forgotten on its way would wait for ever
            crowd.end();
            assertEquals(List.of(), crowd.wrong());
            assertEquals(0, millrace.errors(), log::toString);
            assertFalse(log.toString(StandardCharsets.UTF_8).contains("in use at the stop"), log::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({"nio", "io_uring"})
    void shouldServeWhoMovedToALaneThatHungDuringAReload(String transport) throws Exception {
        try (MovingCrowd crowd = new MovingCrowd(folder);
            Millrace millrace = start(transport, "fused", crowd.pool("alpha"))) {
            crowd.connect("alpha", CLIENTS, false);
            crowd.progress(100);
            CountDownLatch hangs = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            millrace.lanes().get(1).commands().offer(() -> {
                hangs.countDown();
                awaitUninterruptibly(goOn);
            });
            awaitUninterruptibly(hangs);
            long before = moved(millrace, ClientHalfCounter.MOVED_OUT);
            MovingCrowd.move(millrace, 0);
            MovingCrowd.await("nobody leaves", () -> moved(millrace, ClientHalfCounter.MOVED_OUT) > before);
            assertEquals(CLIENTS, connected(millrace), "who waits for the lane is counted");
            CompletableFuture<List<String>> reload = CompletableFuture.supplyAsync(() -> reload(millrace,
                config(crowd.pool("alpha", "client_max_queue: 100"))));
            MovingCrowd.await("no reload", () -> millrace.lanes().getFirst().lane().client().state().pool(0).limits()
                .clientMaxQueue() == 100);
            assertFalse(reload.isDone(), "a lane has not taken it");
            goOn.countDown();
            assertEquals(0, reload.join().stream().filter(line -> line.startsWith("but:")).count());
            MovingCrowd.await("who left has not arrived", () -> moved(millrace, ClientHalfCounter.MOVED_OUT)
                == moved(millrace, ClientHalfCounter.MOVED_IN));
            crowd.progress(10 * CLIENTS);
            crowd.end();
            assertEquals(List.of(), crowd.wrong());
            assertTrue(millrace.stop());
        }
    }

    @Test
    void shouldCloseTheSocketsOfThoseWhoMovedToALaneThatHasDied() throws Exception {
        try (MovingCrowd crowd = new MovingCrowd(folder);
            Millrace millrace = start("nio", "fused", crowd.pool("alpha"))) {
            crowd.connect("alpha", CLIENTS, true);
            crowd.progress(100);
            millrace.lanes().get(1).commands().offer(() -> {
                throw new AssertionError("an invariant is broken");
            });
            assertFalse(millrace.awaitStop(), "the process must end");
            long before = moved(millrace, ClientHalfCounter.MOVED_OUT);
            MovingCrowd.move(millrace, 0);
            MovingCrowd.await("nobody leaves", () -> moved(millrace, ClientHalfCounter.MOVED_OUT) > before);
            millrace.stop();
            crowd.end();
            assertEquals(List.of(), crowd.wrong());
        }
    }

    private static List<String> reload(Millrace millrace, MillraceConfig next) {
        try {
            return millrace.reload(next);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long moved(Millrace millrace, ClientHalfCounter counter) {
        return millrace.totals().clients(counter);
    }

    private static long connected(Millrace millrace) {
        return millrace.totals().pool(0, PoolCounter.CLIENT_CONNECTIONS);
    }
}
