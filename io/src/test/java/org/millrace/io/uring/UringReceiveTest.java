package org.millrace.io.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.EchoHandler;
import org.millrace.io.KeepingHandler;
import org.millrace.io.Recorder;
import org.millrace.io.Segment;

/** Receiving when buffers are few, and while what is armed in the kernel has to change. */
class UringReceiveTest extends UringFixture {
    @Test
    void shouldServeAllWhenBuffersRunOut() throws IOException {
        listen(Recorder::new);
        byte[] bytes = randomBytes(500_000, 1);
        List<Recorder> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(connect(new Recorder()));
        }
        turnUntil("accepted", () -> accepted.size() == clients.size());
        clients.forEach(recorder -> send(recorder, bytes));
        turnUntil("received", () -> accepted.stream().allMatch(r -> r.receivedLength() == bytes.length));
        accepted.forEach(recorder -> assertArrayEquals(bytes, recorder.received()));
        assertTrue(((UringTransport) server).buffers(false).exhaustions() > 0, "there were buffers enough");
        turnUntil("idle connections hold one buffer", () -> server.arena().segmentsInUse() == 1);
    }

    @Test
    void shouldPinOneSegmentOfAConnectionWhoseValueDripsIn() throws IOException {
        listen(KeepingHandler::new);
        List<Recorder> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            KeepingHandler keeper = (KeepingHandler) connectAndAccept(new Recorder());
            keeper.connection().gather(true);
            clients.add(recorders.stream().filter(r -> !accepted.contains(r)).toList().getLast());
        }
        for (int i = 1; i <= 1000; i++) {
            int expected = i;
            clients.forEach(recorder -> send(recorder, new byte[1]));
            turnUntil("dripped", () -> accepted.stream().allMatch(r -> r.receivedLength() == expected));
        }
        for (Recorder recorder : accepted) {
            assertEquals(1, ((KeepingHandler) recorder).kept());
            recorder.connection().gather(false);
            ((KeepingHandler) recorder).release();
        }
        turnUntil("memory is back", () -> server.arena().segmentsInUse() <= 1);
    }

    @Test
    void shouldLoseNothingWhileReadsArePausedAndResumedAndValuesGathered() throws IOException {
        for (int round = 0; round < 10; round++) {
            runAtRandom(new Random().nextLong());
        }
    }

    private void runAtRandom(long seed) throws IOException {
        Random random = new Random(seed);
        boolean[] paused = new boolean[1];
        List<String> faults = new ArrayList<>();
        listen(() -> new Recorder() {
            @Override
            public void onReceived(Segment segment, int offset, int length) {
                super.onReceived(segment, offset, length);
                if (paused[0]) {
                    faults.add("received while paused");
                }
                change(random, connection(), paused);
            }

            @Override
            public void onPeerClosed() {
                super.onPeerClosed();
                if (paused[0]) {
                    faults.add("ended while paused");
                }
            }
        });
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        byte[] bytes = randomBytes(2_000_000, seed);
        int sent = 0;
        for (int turn = 0; turn < 100_000 && !peer.isPeerClosed(); turn++) {
            if (sent < bytes.length && random.nextInt(3) == 0) {
                int length = Math.min(bytes.length - sent, 1 + random.nextInt(random.nextBoolean() ? 100 : 100_000));
                send(recorder, Arrays.copyOfRange(bytes, sent, sent + length));
                sent += length;
                if (sent == bytes.length) {
                    recorder.connection().shutdownOutput();
                }
            }
            change(random, peer.connection(), paused);
            turn();
        }
        assertEquals(List.of(), faults, "seed " + seed);
        assertArrayEquals(bytes, peer.received(), "seed " + seed);
        assertTrue(peer.isPeerClosed(), "seed " + seed);
        listener.close();
        if (random.nextBoolean()) {
            recorder.connection().close(CloseCause.LOCAL);
        }
    }

    private static void change(Random random, Connection connection, boolean[] paused) {
        switch (random.nextInt(6)) {
            case 0 -> {
                paused[0] = true;
                connection.pauseReads();
            }
            case 1, 2 -> {
                paused[0] = false;
                connection.resumeReads();
            }
            case 3 -> connection.gather(random.nextBoolean());
            default -> {
            }
        }
    }

    @Test
    void shouldEndConnectionsAtAnyMomentWithDataUnderWay() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        listen(EchoHandler::new);
        for (int i = 0; i < 300; i++) {
            Recorder recorder = connect(new Recorder());
            send(recorder, new byte[1 + random.nextInt(200_000)]);
            for (int turns = random.nextInt(6); turns > 0; turns--) {
                turn();
            }
            Recorder victim = recorders.get(random.nextInt(recorders.size()));
            victim.connection().close(CloseCause.LOCAL);
        }
        turnUntil("closed, seed " + seed, this::areAllClosed);
        turnUntil("memory is back, seed " + seed,
            () -> server.arena().segmentsInUse() <= 1 && client.arena().segmentsInUse() <= 1);
    }
}
