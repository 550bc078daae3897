package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** How connections move from one transport to another, on every kind. */
abstract class MovingBehaviour extends TransportFixture {
    private static final long SMALL_ARENA = 4 << 20;

    @Test
    void shouldGoOnAtAnotherTransport() throws IOException {
        listen(Recorder::new);
        Transport other = open(SMALL_ARENA);
        Recorder peer = new Recorder();
        Recorder first = connectAndAccept(peer);
        send(peer, new byte[] {1, 2, 3});
        turnUntil("received", () -> first.receivedLength() == 3);
        assertTrue(first.connection().detach());
        assertTrue(first.connection().detach(), "once more changes nothing");
        assertNull(first.detached(), "told from within the call");
        turnUntil("detached", () -> first.detached() != null);
        Recorder second = adoptDetached(first, other);
        assertEquals(first.detached().peer(), second.connection().peer());
        send(peer, new byte[] {4, 5});
        send(second, new byte[] {6});
        turnUntil("served", () -> second.receivedLength() == 2 && peer.receivedLength() == 1);
        assertArrayEquals(new byte[] {4, 5}, second.received());
        assertEquals(3, first.receivedLength());
    }

    @Test
    void shouldDeliverWhatArrivedWhileNobodyServedIt() throws IOException {
        Recorder peer = new Recorder();
        Recorder first = detached(peer);
        assertFalse(first.connection().detach(), "it is gone");
        byte[] bytes = randomBytes(20_000, 1);
        send(peer, bytes);
        settle();
        peer.connection().shutdownOutput();
        settle();
        Recorder second = adoptDetached(first, server);
        turnUntil("all", second::isPeerClosed);
        assertArrayEquals(bytes, second.received());
        assertEquals(0, first.receivedLength());
    }

    @Test
    void shouldStayIfBytesArriveFirst() throws IOException {
        listen(Recorder::new);
        Recorder peer = new Recorder();
        Recorder first = connectAndAccept(peer);
        for (int i = 1; i <= 50 && first.detached() == null; i++) {
            int want = i;
            settle();
            send(peer, new byte[] {(byte) i});
            for (int polls = 0; polls < 3; polls++) {
                passTime();
                client.poll(0);
            }
            assertTrue(first.connection().detach());
            turnUntil("byte or gone", () -> first.detached() != null || first.receivedLength() == want);
            if (first.detached() == null) {
                assertFalse(first.connection().isDetaching(), "bytes have ended the attempt");
                send(first, new byte[] {(byte) i});
                turnUntil("answered", () -> peer.receivedLength() == want);
            }
        }
        if (first.detached() == null) {
            settle();
            assertTrue(first.connection().detach());
            turnUntil("detached", () -> first.detached() != null);
        }
        Recorder second = adoptDetached(first, server);
        send(peer, new byte[] {99});
        turnUntil("served on", () -> second.receivedLength() > 0
            && second.received()[second.receivedLength() - 1] == 99);
    }

    @Test
    void shouldStayIfThePeerClosesFirst() throws IOException {
        listen(Recorder::new);
        Recorder peer = new Recorder();
        Recorder first = connectAndAccept(peer);
        peer.connection().shutdownOutput();
        client.poll(0);
        assertTrue(first.connection().detach());
        turnUntil("end or gone", () -> first.isPeerClosed() || first.detached() != null);
        Recorder last = first.detached() == null ? first : adoptDetached(first, server);
        turnUntil("end", last::isPeerClosed);
        assertFalse(last.connection().detach(), "the end has been seen");
        send(last, new byte[] {7});
        turnUntil("half open", () -> peer.receivedLength() == 1);
    }

    @Test
    void shouldTellTheNextOwnerThatThePeerIsGone() throws IOException {
        Recorder peer = new Recorder();
        Recorder first = detached(peer);
        peer.connection().close(CloseCause.LOCAL);
        turnUntil("closed", peer::isClosed);
        Recorder second = adoptDetached(first, server);
        turnUntil("told", () -> second.isPeerClosed() || second.isClosed());
    }

    @Test
    void shouldRefuseWithOutputUnwritten() throws IOException {
        listen(Recorder::new);
        Recorder peer = new Recorder();
        Recorder first = connectAndAccept(peer);
        assertTrue(first.connection().output().append(new UnsafeBuffer(new byte[10]), 0, 10));
        assertFalse(first.connection().detach(), "appended");
        first.connection().flush();
        turnUntil("written", () -> first.writtenPosition() == 10);
        assertTrue(first.connection().detach());
        send(first, new byte[5]);
        assertFalse(first.connection().isDetaching(), "output has ended the attempt");
        turnUntil("written on", () -> peer.receivedLength() == 15);
        assertNull(first.detached());
        send(peer, new byte[3]);
        turnUntil("read on", () -> first.receivedLength() == 3);
    }

    @Test
    void shouldStayIfItIsPausedOrGathersOrIsShutDownMeanwhile() throws IOException {
        listen(Recorder::new);
        Recorder peer = new Recorder();
        Recorder first = connectAndAccept(peer);
        assertTrue(first.connection().detach());
        first.connection().pauseReads();
        assertFalse(first.connection().isDetaching());
        assertFalse(first.connection().detach(), "it is not read");
        settle();
        first.connection().resumeReads();
        settle();
        assertTrue(first.connection().detach());
        first.connection().gather(true);
        assertFalse(first.connection().isDetaching());
        assertFalse(first.connection().detach(), "it gathers");
        settle();
        first.connection().gather(false);
        send(peer, new byte[40]);
        turnUntil("read", () -> first.receivedLength() == 40);
        settle();
        assertTrue(first.connection().detach());
        first.connection().shutdownOutput();
        assertFalse(first.connection().detach(), "output is shut down");
        turnUntil("end", peer::isPeerClosed);
        assertNull(first.detached());
        send(peer, new byte[2]);
        turnUntil("read on", () -> first.receivedLength() == 42);
    }

    @Test
    void shouldCloseWhileItIsBeingDetached() throws IOException {
        listen(Recorder::new);
        Recorder peer = new Recorder();
        Recorder first = connectAndAccept(peer);
        assertTrue(first.connection().detach());
        first.connection().close(CloseCause.PROTOCOL);
        assertFalse(first.connection().detach());
        turnUntil("closed", first::isClosed);
        assertSame(CloseCause.PROTOCOL, first.closeCause());
        assertNull(first.detached());
        turnUntil("peer sees it", () -> peer.isPeerClosed() || peer.isClosed());
    }

    @Test
    void shouldNotDetachWhatHasConnected() throws IOException {
        listen(Recorder::new);
        Recorder peer = new Recorder();
        connectAndAccept(peer);
        assertFalse(peer.connection().detach());
    }

    @Test
    void shouldCloseADetachedSocketThatNobodyWants() throws IOException {
        Recorder peer = new Recorder();
        Recorder first = detached(peer);
        first.detached().close();
        assertThrows(IOException.class, () -> server.adopt(first.detached(), new Recorder()));
        turnUntil("peer sees it", () -> peer.isPeerClosed() || peer.isClosed());
    }

    @Test
    void shouldCloseTheSocketIfNobodyTakesItOver() throws IOException {
        listen(() -> new Recorder() {
            @Override
            public void onDetached(AcceptedSocket socket) {
                super.onDetached(socket);
                throw new IllegalStateException("on purpose");
            }
        });
        Recorder peer = new Recorder();
        Recorder first = connectAndAccept(peer);
        assertTrue(first.connection().detach());
        turnUntil("peer sees it", () -> peer.isPeerClosed() || peer.isClosed());
    }

    @Test
    void shouldEndADetachmentWithItsTransport() throws IOException {
        Transport other = open(SMALL_ARENA);
        Recorder peer = new Recorder();
        Recorder second = adoptDetached(detached(peer), other);
        settle();
        assertTrue(second.connection().detach());
        close(other);
        turnUntil("peer sees it", () -> peer.isPeerClosed() || peer.isClosed());
        recorders.remove(second);
    }

    @Test
    void shouldLoseNothingInManyMovesBackAndForth() throws IOException {
        listen(Recorder::new);
        Transport[] homes = {server, open(SMALL_ARENA)};
        Recorder peer = new Recorder();
        Recorder now = connectAndAccept(peer);
        Random random = new Random(4711);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        int moves = 0;
        for (int i = 0; i < 400; i++) {
            if (random.nextBoolean()) {
                byte[] bytes = randomBytes(1 + random.nextInt(3000), i);
                sent.writeBytes(bytes);
                send(peer, bytes);
            }
            if (random.nextBoolean()) {
                now.connection().detach();
            }
            for (int turns = random.nextInt(4); turns > 0; turns--) {
                turn();
            }
            if (now.detached() != null) {
                got.writeBytes(now.received());
                now = adoptDetached(now, homes[++moves % 2]);
                send(now, new byte[] {(byte) moves});
            }
        }
        // an attempt may still be under way
        settle();
        if (now.detached() != null) {
            got.writeBytes(now.received());
            now = adoptDetached(now, homes[++moves % 2]);
            send(now, new byte[] {(byte) moves});
        }
        Recorder last = now;
        int before = got.size();
        turnUntil("all is there", () -> before + last.receivedLength() == sent.size());
        got.writeBytes(last.received());
        assertArrayEquals(sent.toByteArray(), got.toByteArray());
        assertTrue(moves > 10, moves + " moves");
        int expected = moves;
        turnUntil("all is answered", () -> peer.receivedLength() == expected);
    }

    /** The server's end of a new connection that has left its transport. */
    private Recorder detached(Recorder peer) throws IOException {
        listen(Recorder::new);
        Recorder first = connectAndAccept(peer);
        settle();
        assertTrue(first.connection().detach());
        turnUntil("detached", () -> first.detached() != null);
        return first;
    }
}
