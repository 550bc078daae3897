package org.millrace.io.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.millrace.io.Recorder;
import org.millrace.io.Segment;
import org.millrace.io.Transport;

/** With how few requests and completions the work is done. */
class UringRequestsTest extends UringFixture {
    private static final int ROUNDS = 100;

    @Test
    void shouldAcceptAndReceiveForEverByOneRequestEach() throws IOException {
        listen(Recorder::new);
        settle();
        int filled = filled(server);
        Recorder[] clients = new Recorder[10];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = new Recorder();
            connectAndAccept(clients[i]);
            settle();
        }
        assertEquals(clients.length, filled(server) - filled, "a receive for each, and no other accept");
        for (int i = 1; i <= ROUNDS; i++) {
            for (int n = 0; n < clients.length; n++) {
                int expected = i;
                Recorder peer = accepted.get(n);
                send(clients[n], new byte[1]);
                turnUntil("received", () -> peer.receivedLength() == expected);
            }
        }
        assertEquals(clients.length, filled(server) - filled, "none is asked for again");
    }

    @Test
    void shouldHearNothingOfSendsThatWentOut() throws IOException {
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        settle();
        int completed = ((UringTransport) client).completed();
        for (int i = 1; i <= ROUNDS; i++) {
            send(recorder, new byte[10]);
            client.poll(0);
            assertEquals(i * 10L, recorder.writtenPosition(), "told in the turn that has sent it");
        }
        assertEquals(completed, ((UringTransport) client).completed());
        turnUntil("received", () -> peer.receivedLength() == ROUNDS * 10);
    }

    @Test
    void shouldSendAChainOfSlicesByOneRequest() throws IOException {
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        settle();
        byte[] bytes = randomBytes(20_000, 1);
        Segment[] lent = new Segment[20];
        for (int i = 0; i < lent.length; i++) {
            lent[i] = client.arena().acquire(1000);
            lent[i].buffer().putBytes(0, Arrays.copyOfRange(bytes, i * 1000, (i + 1) * 1000));
            recorder.connection().output().appendBorrowed(lent[i], 0, 1000);
        }
        assertTrue(recorder.connection().output().chunks() >= lent.length);
        int filled = filled(client);
        recorder.connection().flush();
        client.poll(0);
        assertEquals(1, filled(client) - filled);
        assertEquals(bytes.length, recorder.writtenPosition());
        turnUntil("received", () -> peer.receivedLength() == bytes.length);
        assertArrayEquals(bytes, peer.received());
        for (Segment segment : lent) {
            segment.release();
        }
    }

    @Test
    void shouldReceiveOfClientsAndOfServersIntoGroupsApart() throws IOException {
        listen(Recorder::new);
        Recorder recorder = new Recorder();
        Recorder peer = connectAndAccept(recorder);
        settle();
        BufferGroup clients = ((UringTransport) server).buffers(false);
        BufferGroup links = ((UringTransport) client).buffers(true);
        assertNotEquals(clients.id(), links.id());
        assertEquals(1, clients.published());
        assertEquals(0, ((UringTransport) server).buffers(true).published(), "nobody has connected here");
        assertEquals(1, links.published());
        assertEquals(0, ((UringTransport) client).buffers(false).published(), "nobody was accepted here");
        send(recorder, new byte[1]);
        send(peer, new byte[1]);
        turnUntil("both", () -> recorder.receivedLength() == 1 && peer.receivedLength() == 1);
    }

    private static int filled(Transport transport) {
        return ((UringTransport) transport).filled();
    }
}
