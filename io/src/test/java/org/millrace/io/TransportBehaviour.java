package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every transport does in the same way. */
abstract class TransportBehaviour extends ClosingBehaviour {
    @Test
    void shouldEcho() throws IOException {
        listen(EchoHandler::new);
        Recorder recorder = connect(new Recorder());
        byte[] hello = "hello".getBytes();
        turnUntil("connected", recorder::isConnected);
        send(recorder, hello);
        turnUntil("echoed", () -> recorder.receivedLength() == hello.length);
        assertArrayEquals(hello, recorder.received());
        assertEquals(hello.length, recorder.connection().output().writtenPosition());
        assertFalse(recorder.connection().peer().isEmpty());
        assertFalse(recorder.connection().local().isEmpty());
    }

    @Test
    void shouldSendWhatWasAppendedBeforeTheConnectionStood() throws IOException {
        listen(EchoHandler::new);
        Recorder recorder = connect(new Recorder());
        send(recorder, new byte[] {1, 2, 3});
        recorder.connection().shutdownOutput();
        turnUntil("echoed and ended", recorder::isPeerClosed);
        assertArrayEquals(new byte[] {1, 2, 3}, recorder.received());
    }

    @Test
    void shouldServeManyConnections() throws IOException {
        listen(EchoHandler::new);
        List<Recorder> clients = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            clients.add(connect(new Recorder()));
        }
        turnUntil("connected", () -> clients.stream().allMatch(Recorder::isConnected));
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (int round = 0; round < 10; round++) {
            byte[] bytes = randomBytes(1 + 977 * round, round);
            sent.writeBytes(bytes);
            clients.forEach(recorder -> send(recorder, bytes));
            turnUntil("echoed", () -> clients.stream().allMatch(r -> r.receivedLength() == sent.size()));
        }
        clients.forEach(recorder -> assertArrayEquals(sent.toByteArray(), recorder.received()));
        turnUntil("outputs hold nothing", () -> client.arena().segmentsInUse() <= 1);
    }

    @Test
    void shouldStillSendAfterThePeerHasEnded() throws IOException {
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        byte[] question = randomBytes(100_000, 1);
        send(recorder, question);
        recorder.connection().shutdownOutput();
        turnUntil("ended", peer::isPeerClosed);
        assertArrayEquals(question, peer.received());
        byte[] answer = randomBytes(1_000_000, 2);
        send(peer, answer);
        peer.connection().shutdownOutput();
        turnUntil("answered", recorder::isPeerClosed);
        assertArrayEquals(answer, recorder.received());
        assertFalse(peer.isClosed());
    }

    @Test
    void shouldFinishPartialWritesWhenASlowReaderReads() throws IOException {
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        peer.connection().pauseReads();
        byte[] bytes = randomBytes(12 << 20, 3);
        for (int i = 0; i < bytes.length; i += 16 << 10) {
            recorder.connection().output().append(new UnsafeBuffer(bytes), i, 16 << 10);
        }
        recorder.connection().flush();
        settle();
        assertTrue(recorder.connection().output().unsentBytes() > 0, "the kernel took it all");
        assertEquals(recorder.connection().output().writtenPosition(), recorder.writtenPosition());
        assertEquals(0, peer.deliveries());
        peer.connection().resumeReads();
        turnUntil("all received", () -> peer.receivedLength() == bytes.length);
        assertArrayEquals(bytes, peer.received());
        turnUntil("all written", () -> recorder.writtenPosition() == bytes.length);
        assertTrue(client.arena().segmentsInUse() <= 1);
    }

    @Test
    void shouldKeepTheOrderOfCopiedAndBorrowedChunks() throws IOException {
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        Segment[] lent = {client.arena().acquire(64 << 10), client.arena().acquire(2 << 20)};
        Output output = recorder.connection().output();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int i = 0; i < 300; i++) {
            byte[] small = randomBytes(1 + i * 7 % 300, i);
            assertTrue(output.append(new UnsafeBuffer(small), 0, small.length));
            expected.writeBytes(small);
            Segment segment = lent[i % 2];
            byte[] large = randomBytes(150, -i);
            segment.buffer().putBytes(i * 200, large);
            output.appendBorrowed(segment, i * 200, large.length);
            expected.writeBytes(large);
        }
        assertEquals(expected.size(), output.appendedPosition());
        recorder.connection().flush();
        turnUntil("received", () -> peer.receivedLength() == expected.size());
        assertArrayEquals(expected.toByteArray(), peer.received());
        turnUntil("written", () -> recorder.writtenPosition() == expected.size());
        for (Segment segment : lent) {
            assertEquals(1, segment.references());
            segment.release();
        }
    }

    @Test
    void shouldDeliverNothingWhileReadsArePaused() throws IOException {
        listen(() -> new Recorder() {
            @Override
            public void onReceived(Segment segment, int offset, int length) {
                super.onReceived(segment, offset, length);
                connection().pauseReads();
            }
        });
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        int total = 300_000;
        byte[] bytes = randomBytes(total, 4);
        send(recorder, bytes);
        recorder.connection().shutdownOutput();
        for (int i = 1; peer.receivedLength() < total; i++) {
            int expected = i;
            turnUntil("a delivery", () -> peer.deliveries() == expected);
            settle();
            assertEquals(expected, peer.deliveries());
            assertFalse(peer.isPeerClosed());
            peer.connection().resumeReads();
        }
        assertArrayEquals(bytes, peer.received());
        turnUntil("end", peer::isPeerClosed);
    }

    @Test
    void shouldFillSegmentsWithoutGapsWhenGathering() throws IOException {
        int total = 256 << 10;
        List<String> gaps = new ArrayList<>();
        List<Segment> kept = new ArrayList<>();
        listen(() -> new Recorder() {
            private Segment last;
            private int end;

            @Override
            public void onReceived(Segment segment, int offset, int length) {
                super.onReceived(segment, offset, length);
                if (segment == last && offset != end || segment != last && offset != 0) {
                    gaps.add("at " + offset);
                }
                if (segment != last && last != null && end != last.capacity()) {
                    gaps.add("left with room at " + end);
                }
                if (segment != last) {
                    segment.retain();
                    kept.add(segment);
                }
                last = segment;
                end = offset + length;
            }
        });
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        peer.connection().gather(true);
        byte[] bytes = randomBytes(total, 5);
        for (int sent = 0; sent < total; sent += 1 << 10) {
            send(recorder, Arrays.copyOfRange(bytes, sent, sent + (1 << 10)));
            if (sent % 3 == 0) {
                turn();
            }
        }
        turnUntil("received", () -> peer.receivedLength() == total);
        assertEquals(List.of(), gaps);
        assertTrue(kept.size() <= 4, kept.size() + " segments");
        assertArrayEquals(bytes, peer.received());
        kept.forEach(Segment::release);
        peer.connection().gather(false);
        turnUntil("segments are back", () -> server.arena().segmentsInUse() <= 1);
    }

    @Test
    void shouldPassLargeValuesWithoutCopying() throws IOException {
        listen(BorrowingEchoHandler::new);
        Recorder recorder = connect(new Recorder());
        byte[] bytes = randomBytes(3 << 20, 6);
        send(recorder, bytes);
        turnUntil("echoed", () -> recorder.receivedLength() == bytes.length);
        assertArrayEquals(bytes, recorder.received());
    }

    @Test
    void shouldStopReadingWhenMemoryIsExhaustedAndGoOnWhenItIsBack() throws IOException {
        server = open(128 << 10);
        List<Segment> kept = new ArrayList<>();
        listen(() -> new Recorder() {
            @Override
            public void onReceived(Segment segment, int offset, int length) {
                super.onReceived(segment, offset, length);
                // What is filled in part is held while gathering goes on: it must end with the value.
                connection().gather(this == accepted.getFirst() && receivedLength() < 500_000);
                segment.retain();
                kept.add(segment);
            }
        });
        List<Recorder> clients = new ArrayList<>();
        byte[] bytes = randomBytes(600_000, 7);
        for (int i = 0; i < 4; i++) {
            clients.add(connect(new Recorder()));
        }
        turnUntil("accepted", () -> accepted.size() == 4);
        clients.forEach(recorder -> send(recorder, bytes));
        turnUntil("exhausted", () -> server.arena().exhausted() > 0);
        settle();
        int before = accepted.stream().mapToInt(Recorder::receivedLength).sum();
        settle();
        assertEquals(before, accepted.stream().mapToInt(Recorder::receivedLength).sum());
        turnUntil("all received", () -> {
            if (!kept.isEmpty()) {
                kept.removeFirst().release();
            }
            return accepted.stream().allMatch(r -> r.receivedLength() == bytes.length);
        });
        kept.forEach(Segment::release);
        accepted.forEach(recorder -> assertArrayEquals(bytes, recorder.received()));
    }

    @Test
    void shouldReceiveFromLinksWhenClientsHaveUsedUpTheMemory() throws IOException {
        server = openWithReserve(1 << 20, 256 << 10);
        listen(KeepingHandler::new);
        Recorder flood = new Recorder();
        KeepingHandler keeper = (KeepingHandler) connectAndAccept(flood);
        send(flood, new byte[8 << 20]);
        turnUntil("used up", () -> server.arena().exhausted() > 0);
        settle();
        int before = keeper.receivedLength();
        assertTrue(before < 8 << 20);

        Listener far = client.listen(anyEndpoint(), ListenOptions.defaults(),
            new Accepting(() -> client, EchoHandler::new));
        Recorder link = new Recorder();
        recorders.add(link);
        link.connection(server.connect(far.endpoint(), link));
        turnUntil("connected", link::isConnected);
        // What the clients hold leaves no memory for output either, so it is lent.
        Segment question = server.arena().acquireReserved(4096);
        for (int i = 1; i <= 100; i++) {
            int expected = i * 4096;
            link.connection().output().appendBorrowed(question, 0, 4096);
            link.connection().flush();
            turnUntil("answered", () -> link.receivedLength() == expected);
        }
        question.release();
        assertEquals(before, keeper.receivedLength());
        turnUntil("the flood goes on", () -> {
            keeper.release();
            return keeper.receivedLength() == 8 << 20;
        });
        keeper.release();
    }

    @Test
    @Timeout(20)
    void shouldBeWokenUpByAnotherThread() throws InterruptedException {
        server.wakeUp();
        server.poll(-1);
        Thread thread = Thread.ofPlatform().start(server::wakeUp);
        server.poll(-1);
        thread.join();
    }

    @Test
    void shouldAdoptASocketThatAnotherTransportAccepted() throws IOException {
        Transport other = open(1 << 20);
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
        Recorder recorder = connect(new Recorder());
        Recorder refused = connect(new Recorder());
        send(recorder, new byte[] {7});
        send(refused, new byte[] {7});
        turnUntil("accepted", () -> sockets.size() == 2);
        settle();
        new Accepting(() -> other, EchoHandler::new).onAccepted(sockets.get(0));
        assertThrows(IOException.class, () -> other.adopt(sockets.get(0), new Recorder()));
        sockets.get(0).close();
        sockets.get(1).close();
        turnUntil("one echoed", () -> recorder.receivedLength() + refused.receivedLength() == 1);
        Recorder unserved = recorder.receivedLength() == 1 ? refused : recorder;
        turnUntil("the other one ended", () -> unserved.isPeerClosed() || unserved.isClosed());
    }

    @Test
    void shouldContinueFromWithinWritten() throws IOException {
        listen(EchoHandler::new);
        byte[] piece = randomBytes(10_000, 8);
        int pieces = 500;
        Recorder recorder = connect(new Recorder() {
            @Override
            public void onWritten(long position) {
                super.onWritten(position);
                if (connection().output().appendedPosition() < (long) pieces * piece.length) {
                    send(this, piece);
                }
            }
        });
        turnUntil("connected", recorder::isConnected);
        send(recorder, piece);
        turnUntil("all echoed", () -> recorder.receivedLength() == pieces * piece.length);
    }

    @Test
    void shouldNameTheAddressWhenListeningFails() throws IOException {
        listen(EchoHandler::new);
        Endpoint taken = listener.endpoint();
        IOException error = assertThrows(IOException.class,
            () -> server.listen(taken, ListenOptions.defaults(), new Accepting(() -> server, Recorder::new)));
        assertTrue(error.getMessage().contains(taken.toString()), error.getMessage());
        assertSame(taken, listener.endpoint());
    }
}
