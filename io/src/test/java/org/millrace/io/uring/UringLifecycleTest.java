package org.millrace.io.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.ArenaConfig;
import org.millrace.io.CloseCause;
import org.millrace.io.EchoHandler;
import org.millrace.io.ListenOptions;
import org.millrace.io.Listener;
import org.millrace.io.Recorder;
import org.millrace.io.SegmentArena;

/** Which thread may do what, and that nothing is left behind. */
class UringLifecycleTest extends UringFixture {
    @Test
    @Timeout(60)
    void shouldLeaveNothingBehindWhenMadePolledAndClosedByThreeThreads() throws Exception {
        // The first poll makes the ring.
        turn();
        for (int round = 0; round < 10; round++) {
            long before = openSockets();
            SegmentArena arena = new SegmentArena(new ArenaConfig(16 << 20, 1 << 20, true));
            UringTransport lane = (UringTransport) newTransport(arena);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            AtomicBoolean isEnding = new AtomicBoolean();
            AtomicInteger served = new AtomicInteger();
            Listener ear = lane.listen(anyEndpoint(), ListenOptions.defaults(), new Accepting(() -> lane, () -> {
                served.incrementAndGet();
                return new EchoHandler();
            }));
            Thread poller = Thread.ofPlatform().start(() -> {
                try {
                    while (!isEnding.get()) {
                        lane.poll(-1);
                    }
                } catch (RuntimeException e) {
                    failure.set(e);
                }
            });
            List<Recorder> clients = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                clients.add(connect(ear.endpoint(), new Recorder()));
                send(clients.getLast(), new byte[100_000]);
            }
            turnUntil("served", () -> served.get() == 50 && clients.getFirst().receivedLength() > 0);
            isEnding.set(true);
            lane.wakeUp();
            poller.join();
            // Sends and receives are under way at this moment.
            Thread closer = Thread.ofPlatform().start(() -> {
                try {
                    lane.close();
                    arena.close();
                } catch (RuntimeException e) {
                    failure.set(e);
                }
            });
            closer.join();
            assertNull(failure.get(), () -> failure.get().toString());
            assertEquals(0, arena.bytesReserved());
            turnUntil("clients see the end", () -> clients.stream().allMatch(r -> r.isPeerClosed() || r.isClosed()));
            clients.forEach(recorder -> recorder.connection().close(CloseCause.LOCAL));
            turnUntil("clients closed", () -> clients.stream().allMatch(Recorder::isClosed));
            recorders.clear();
            assertEquals(before, openSockets());
        }
    }

    @Test
    void shouldCloseWithoutEverHavingPolled() throws IOException {
        long before = openSockets();
        SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(1 << 20));
        UringTransport transport = new UringTransport(arena);
        Listener ear = transport.listen(anyEndpoint(), ListenOptions.defaults(),
            new Accepting(() -> transport, Recorder::new));
        Recorder recorder = new Recorder();
        recorder.connection(transport.connect(ear.endpoint(), recorder));
        send(recorder, new byte[1000]);
        transport.close();
        arena.close();
        transport.wakeUp();
        assertEquals(before, openSockets());
        assertThrows(IllegalStateException.class, () -> transport.poll(0));
    }

    @Test
    @Timeout(60)
    void shouldMissNoWakeUpOfManyThreads() throws InterruptedException {
        int threads = 4;
        int wakeUps = 5_000;
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        List<Thread> wakers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            wakers.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < wakeUps; n++) {
                    int mine = asked.incrementAndGet();
                    server.wakeUp();
                    while (seen.get() < mine) {
                        Thread.onSpinWait();
                    }
                }
            }));
        }
        while (seen.get() < threads * wakeUps) {
            server.poll(-1);
            seen.set(asked.get());
        }
        for (Thread waker : wakers) {
            waker.join();
        }
        assertEquals(threads * wakeUps, seen.get());
    }

    /** What a completion brought is its taker's, even if he throws what nobody catches. */
    @Test
    @Timeout(60)
    void shouldCloseNothingThatIsOthersAfterAnErrorInATurn() throws IOException {
        SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(1 << 20));
        UringTransport lane = new UringTransport(arena);
        Accepting accepting = new Accepting(() -> server, Recorder::new);
        Listener ear = lane.listen(anyEndpoint(), ListenOptions.defaults(), new AcceptHandler() {
            @Override
            public void onAccepted(AcceptedSocket socket) {
                accepting.onAccepted(socket);
                throw new AssertionError("of the test");
            }

            @Override
            public void onAcceptFailed(String reason) {
                throw new IllegalStateException(reason);
            }
        });
        lane.poll(0);
        Recorder recorder = connect(ear.endpoint(), new Recorder());
        turnUntil("connected", recorder::isConnected);
        assertThrows(AssertionError.class, () -> {
            while (true) {
                lane.poll(-1);
            }
        });
        lane.close();
        arena.close();
        send(recorder, new byte[100]);
        turnUntil("received", () -> accepted.getFirst().receivedLength() == 100);
    }

    @Test
    void shouldRefuseToCloseFromWithinAPoll() throws IOException {
        List<RuntimeException> refusals = new ArrayList<>();
        listen(() -> new EchoHandler() {
            @Override
            public void onPeerClosed() {
                refusals.add(assertThrows(IllegalStateException.class, server::close));
                super.onPeerClosed();
            }
        });
        Recorder recorder = new Recorder();
        connectAndAccept(recorder);
        recorder.connection().shutdownOutput();
        turnUntil("ended", recorder::isPeerClosed);
        assertTrue(refusals.getFirst().getMessage().contains("handler"));
    }
}
