package org.millrace.io.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.CloseCause;
import org.millrace.io.EchoHandler;
import org.millrace.io.ListenOptions;
import org.millrace.io.Recorder;
import org.millrace.io.SegmentArena;
import org.millrace.io.Transport;

/** Rings with room for one request and four completions, so that every turn asks and is told more than fits. */
class UringOverflowTest extends UringFixture {
    private static final long DEADLINE_NS = 5_000_000_000L;

    @Override
    protected Transport newTransport(SegmentArena arena) {
        UringSettings defaults = UringSettings.defaults();
        return new UringTransport(arena, new UringSettings(1, defaults.receiveSegmentBytes(), BUFFERS, BUFFERS, 1,
            defaults.gatherSegmentBytes(), defaults.maxGatherBytes(), defaults.errorHandler()));
    }

    @Test
    void shouldAcceptMoreConnectionsAtOnceThanCompletionsFit() throws IOException {
        listen(EchoHandler::new);
        turn();
        List<Recorder> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            clients.add(connect(new Recorder()));
        }
        for (int i = 0; i < 100; i++) {
            client.poll(0);
        }
        assertEquals(0, accepted.size());
        turnUntil("accepted", () -> accepted.size() == clients.size());
        byte[] bytes = randomBytes(100_000, 1);
        clients.forEach(recorder -> send(recorder, bytes));
        turnUntil("echoed", () -> clients.stream().allMatch(r -> r.receivedLength() == bytes.length));
        clients.forEach(recorder -> assertArrayEquals(bytes, recorder.received()));
        clients.forEach(recorder -> recorder.connection().close(CloseCause.LOCAL));
        turnUntil("closed", () -> clients.stream().allMatch(Recorder::isClosed));
        turnUntil("memory is back", () -> client.arena().segmentsInUse() <= 1);
    }

    @Test
    void shouldNotWaitForMoreWhenWhatWasSubmittedEarlyHasCompleted() throws IOException {
        List<AcceptedSocket> sockets = new ArrayList<>();
        listener = server.listen(anyEndpoint(), ListenOptions.defaults(), new AcceptHandler() {
            @Override
            public void onAccepted(AcceptedSocket socket) {
                sockets.add(socket);
            }

            @Override
            public void onAcceptFailed(String reason) {
                throw new AssertionError(reason);
            }
        });
        Recorder first = connect(new Recorder());
        turnUntil("accepted", () -> first.isConnected() && sockets.size() == 1);
        Recorder second = connect(new Recorder());
        turnUntil("accepted", () -> second.isConnected() && sockets.size() == 2);
        send(first, new byte[100]);
        settle();
        // The first receive must be submitted to make room for the second, for which nothing will come.
        Accepting accepting = new Accepting(() -> server, Recorder::new);
        accepting.onAccepted(sockets.get(0));
        accepting.onAccepted(sockets.get(1));
        // With memory of their own: the lack of a shared buffer would be told at once.
        accepted.forEach(recorder -> recorder.connection().gather(true));
        long startNs = System.nanoTime();
        server.poll(DEADLINE_NS);
        assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "waited with bytes in hand");
        assertEquals(100, accepted.getFirst().receivedLength());
    }
}
