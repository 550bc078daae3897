package org.millrace.io.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.Recorder;

/**
 * Ending requests that the kernel does not find when it is to cancel them: those that it has queued to be tried again.
 * A socket with something in its queue of errors, such as the time of a send, is ready at any time, so that its
 * requests are in that queue between any two turns.
 */
class UringCancelTest extends UringFixture {
    private static final int LARGE = 16 << 20;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_TIMESTAMPING = 37;
    /** SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE. */
    private static final int TIMES_OF_SENDS = 1 << 1 | 1 << 4;

    @Test
    void shouldEndAReceiveThatIsQueuedToBeTriedAgain() throws IOException {
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        set(peer.connection(), SO_TIMESTAMPING, TIMES_OF_SENDS);
        peer.connection().gather(true);
        settle();
        send(peer, new byte[1]);
        turnUntil("sent", () -> recorder.receivedLength() == 1);
        peer.connection().close(CloseCause.LOCAL);
        turnUntil("closed", peer::isClosed);
        turnUntil("the other side sees it", recorder::isPeerClosed);
    }

    @Test
    void shouldEndASendThatIsQueuedToBeTriedAgain() throws IOException {
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        peer.connection().pauseReads();
        settle();
        // So little that the rest is never sent.
        set(recorder.connection(), SO_SNDBUF, 1);
        set(recorder.connection(), SO_TIMESTAMPING, TIMES_OF_SENDS);
        send(recorder, new byte[1]);
        settle();
        send(recorder, new byte[LARGE]);
        turnUntil("a part is sent", () -> recorder.writtenPosition() > 1);
        turn();
        assertTrue(recorder.connection().output().unsentBytes() > 0);
        recorder.connection().close(CloseCause.LOCAL);
        turnUntil("closed", recorder::isClosed);
        assertEquals(0, recorder.connection().output().unsentBytes());
        peer.connection().resumeReads();
        turnUntil("the other side sees it", () -> peer.isPeerClosed() || peer.isClosed());
        assertTrue(peer.receivedLength() < LARGE);
    }

    private static void set(Connection connection, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            assertEquals(0, new Syscalls().call(SyscallNumbers.SETSOCKOPT, ((UringConnection) connection).fd(),
                SOL_SOCKET, option, memory.address(), Integer.BYTES, 0));
        }
    }
}
