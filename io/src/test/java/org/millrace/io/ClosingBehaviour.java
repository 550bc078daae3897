package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** How connections end on every transport. */
abstract class ClosingBehaviour extends MovingBehaviour {
    @Test
    void shouldTellThatThePeerClosedWithBytesUnread() throws IOException {
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        peer.connection().pauseReads();
        send(recorder, new byte[1000]);
        settle();
        // Closed with bytes unread: the other side learns that they are lost, unless a FIN overtook the RST.
        peer.connection().close(CloseCause.LOCAL);
        turnUntil("reset", () -> recorder.isClosed() || recorder.isPeerClosed());
        if (recorder.isClosed()) {
            assertEquals(CloseCause.RESET, recorder.closeCause());
        }
        turnUntil("closed", peer::isClosed);
        assertEquals(CloseCause.LOCAL, peer.closeCause());
    }

    @Test
    void shouldCloseWhenWritingToAPeerThatIsGone() throws IOException {
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        peer.connection().close(CloseCause.LOCAL);
        turnUntil("end seen", recorder::isPeerClosed);
        turnUntil("write fails", () -> {
            if (!recorder.isClosed()) {
                send(recorder, new byte[10]);
            }
            return recorder.isClosed();
        });
        assertTrue(recorder.closeCause() == CloseCause.RESET || recorder.closeCause() == CloseCause.BROKEN_PIPE);
    }

    @Test
    void shouldReportRefused() throws IOException {
        Recorder recorder = connect(deadEndpoint(), new Recorder());
        send(recorder, new byte[10]);
        assertFalse(recorder.isClosed(), "told from within connect");
        turnUntil("refused", recorder::isClosed);
        assertEquals(deadCause(), recorder.closeCause());
        assertFalse(recorder.isConnected());
    }

    @Test
    void shouldCloseFromWithinAnyEvent() throws IOException {
        for (int event = 0; event < 4; event++) {
            int when = event;
            listen(EchoHandler::new);
            Recorder recorder = connect(new ClosingHandler(when));
            turnUntil("closed in event " + when, () -> {
                if (when == 3 && recorder.receivedLength() == 100) {
                    accepted.getLast().connection().close(CloseCause.LOCAL);
                }
                return recorder.isClosed();
            });
            assertEquals(CloseCause.PROTOCOL, recorder.closeCause());
            turnUntil("server sees the end",
                () -> accepted.stream().allMatch(peer -> peer.isPeerClosed() || peer.isClosed()));
            listener.close();
        }
    }

    /** Closes in one event and checks that {@code onClosed} does not come from within the call. */
    private static final class ClosingHandler extends Recorder {
        private final int when;

        ClosingHandler(int when) {
            this.when = when;
        }

        private void closeIn(int event) {
            if (event == when) {
                connection().close(CloseCause.PROTOCOL);
                connection().close(CloseCause.OTHER);
                connection().flush();
                assertFalse(isClosed());
            }
        }

        @Override
        public void onConnected() {
            super.onConnected();
            connection().output().append(new UnsafeBuffer(new byte[100]), 0, 100);
            connection().flush();
            closeIn(0);
        }

        @Override
        public void onWritten(long position) {
            super.onWritten(position);
            closeIn(1);
        }

        @Override
        public void onReceived(Segment segment, int offset, int length) {
            super.onReceived(segment, offset, length);
            closeIn(2);
        }

        @Override
        public void onPeerClosed() {
            super.onPeerClosed();
            closeIn(3);
        }
    }

    @Test
    void shouldCloseOnlyTheConnectionWhoseHandlerThrows() throws IOException {
        listen(EchoHandler::new);
        Recorder bad = connect(new Recorder() {
            @Override
            public void onReceived(Segment segment, int offset, int length) {
                super.onReceived(segment, offset, length);
                throw new IllegalArgumentException("on purpose");
            }
        });
        Recorder good = connect(new Recorder());
        send(bad, new byte[5]);
        send(good, new byte[5]);
        turnUntil("bad closed, good served", () -> bad.isClosed() && good.receivedLength() == 5);
        assertEquals(CloseCause.OTHER, bad.closeCause());
    }

    @Test
    void shouldEndWithoutEventsWhenTheTransportCloses() throws IOException {
        listen(EchoHandler::new);
        Transport other = open(1 << 20);
        Recorder recorder = new Recorder();
        recorder.connection(other.connect(listener.endpoint(), recorder));
        turnUntil("accepted", () -> recorder.isConnected() && !accepted.isEmpty());
        recorder.connection().pauseReads();
        send(recorder, new byte[100_000]);
        recorder.connection().gather(true);
        close(other);
        recorder.connection().close(CloseCause.LOCAL);
        assertFalse(recorder.isClosed());
        turnUntil("server sees it", () -> accepted.getLast().isPeerClosed() || accepted.getLast().isClosed());
    }

    @Test
    void shouldDeliverNothingMoreOnceClosed() throws IOException {
        for (boolean gathers : new boolean[] {false, true}) {
            List<Recorder> pair = new ArrayList<>();
            listen(() -> new Recorder() {
                @Override
                public void onReceived(Segment segment, int offset, int length) {
                    super.onReceived(segment, offset, length);
                    // Bytes for the other one may have come in the same turn.
                    pair.get(1 - pair.indexOf(this)).connection().close(CloseCause.PROTOCOL);
                }
            });
            Recorder[] clients = {new Recorder(), new Recorder()};
            for (Recorder recorder : clients) {
                Recorder peer = connectAndAccept(recorder);
                peer.connection().gather(gathers);
                pair.add(peer);
            }
            settle();
            for (Recorder recorder : clients) {
                send(recorder, new byte[100]);
            }
            for (int i = 0; i < 5; i++) {
                client.poll(0);
            }
            turnUntil("one closed", () -> pair.stream().anyMatch(Recorder::isClosed));
            // whoever was first may have got only a part of its bytes by now
            assertEquals(1, pair.stream().filter(each -> each.receivedLength() > 0).count(), "gathers: " + gathers);
            listener.close();
        }
    }

    @Test
    void shouldDropWhatIsAppendedBetweenTheCloseAndItsEvent() throws IOException {
        listen(EchoHandler::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        for (Recorder end : List.of(recorder, peer)) {
            end.connection().close(CloseCause.LOCAL);
            send(end, new byte[100_000]);
            end.connection().shutdownOutput();
        }
        turnUntil("closed", () -> recorder.isClosed() && peer.isClosed());
        assertEquals(0, recorder.connection().output().unsentBytes());
        assertEquals(0, peer.connection().output().unsentBytes());
        turnUntil("memory is back", () ->
            client.arena().segmentsInUse() <= 1 && server.arena().segmentsInUse() <= 1);
    }
}
