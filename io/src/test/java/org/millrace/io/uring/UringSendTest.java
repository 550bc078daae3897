package org.millrace.io.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.io.BorrowingEchoHandler;
import org.millrace.io.CloseCause;
import org.millrace.io.Output;
import org.millrace.io.Recorder;
import org.millrace.io.Segment;

/** Sending more than the kernel takes at once. */
class UringSendTest extends UringFixture {
    private static final int LARGE = 16 << 20;

    @Test
    void shouldSendLargeValuesToASlowReaderByteForByte() throws IOException {
        listen(() -> new Recorder() {
            @Override
            public void onReceived(Segment segment, int offset, int length) {
                super.onReceived(segment, offset, length);
                connection().pauseReads();
            }
        });
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        byte[] bytes = randomBytes(LARGE, 1);
        Segment lent = client.arena().acquire(LARGE);
        lent.buffer().putBytes(0, bytes);
        recorder.connection().output().appendBorrowed(lent, 0, LARGE);
        recorder.connection().flush();
        for (int i = 1; peer.receivedLength() < LARGE; i++) {
            int expected = i;
            turnUntil("a delivery", () -> peer.deliveries() == expected);
            peer.connection().resumeReads();
        }
        assertArrayEquals(bytes, peer.received());
        turnUntil("written", () -> recorder.writtenPosition() == LARGE);
        lent.release();
    }

    @Test
    void shouldKeepTheOrderOfWhatIsAppendedWhileASendWaits() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        peer.connection().pauseReads();
        byte[] bytes = randomBytes(LARGE, seed);
        int sent = 0;
        while (sent < LARGE) {
            int length = Math.min(LARGE - sent, 1 + random.nextInt(random.nextBoolean() ? 50 : 200_000));
            assertTrue(recorder.connection().output().append(new UnsafeBuffer(bytes), sent, length));
            recorder.connection().flush();
            sent += length;
            if (random.nextInt(4) == 0) {
                turn();
            }
        }
        peer.connection().resumeReads();
        turnUntil("received", () -> peer.receivedLength() == LARGE);
        assertArrayEquals(bytes, peer.received(), "seed " + seed);
    }

    @Test
    void shouldKeepItsMemoryUntilTheKernelHasGivenASendUp() throws IOException {
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        peer.connection().pauseReads();
        Output output = recorder.connection().output();
        assertTrue(output.append(new UnsafeBuffer(new byte[LARGE]), 0, LARGE));
        recorder.connection().flush();
        settle();
        long held = client.arena().bytesInUse();
        assertTrue(output.unsentBytes() > 0 && held > 0);
        recorder.connection().close(CloseCause.LOCAL);
        assertEquals(held, client.arena().bytesInUse());
        assertFalse(recorder.isClosed());
        turnUntil("closed", recorder::isClosed);
        turnUntil("memory is back", () -> client.arena().segmentsInUse() <= 1);
    }

    @Test
    void shouldSendEverythingBeforeTheEndOfOutput() throws IOException {
        listen(BorrowingEchoHandler::new);
        Recorder recorder = new Recorder();
        connectAndAccept(recorder);
        byte[] bytes = randomBytes(LARGE, 2);
        send(recorder, bytes);
        turnUntil("echoed", () -> recorder.receivedLength() == LARGE);
        recorder.connection().shutdownOutput();
        turnUntil("ended", () -> recorder.isPeerClosed() && accepted.getFirst().isClosed());
        assertArrayEquals(bytes, recorder.received());
    }
}
