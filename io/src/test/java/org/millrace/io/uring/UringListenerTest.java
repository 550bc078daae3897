package org.millrace.io.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.ArenaConfig;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.Recorder;
import org.millrace.io.SegmentArena;

/** Accepting when the process has no descriptors left. */
class UringListenerTest {
    private static final long DEADLINE_NS = 5_000_000_000L;
    private static final int MOST_DESCRIPTORS = 100_000;

    @BeforeAll
    static void needIoUring() {
        Assumptions.assumeTrue(UringSupport.probe() == null, UringSupport::probe);
        // Classes are files here: what tells of the lack of descriptors must be loaded before.
        assertNotNull(Errno.text(Errno.EMFILE));
    }

    @Test
    @Timeout(60)
    void shouldRestAndGoOnWhenDescriptorsAreUsedUp() throws IOException {
        List<AcceptedSocket> accepted = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        List<FileInputStream> files = new ArrayList<>();
        try (SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(1 << 20));
            UringTransport transport = new UringTransport(arena)) {
            UringListener listener = (UringListener) transport.listen(Endpoint.tcp("127.0.0.1", 0),
                ListenOptions.defaults(), new Remembering(accepted, failures));
            // What accepting loads must be loaded while files can be opened.
            try (Socket first = new Socket("127.0.0.1", listener.endpoint().port())) {
                acceptOne(transport, accepted);
                assertTrue(first.isConnected());
            }
            Socket waiting = new Socket();
            try (waiting) {
                waiting.bind(null);
                useUp(files);
                waiting.connect(listener.endpoint().address());
                while (failures.isEmpty()) {
                    transport.poll(-1);
                }
                assertTrue(listener.isPaused());
                for (int i = 0; i < 1000; i++) {
                    transport.poll(0);
                }
                assertTrue(failures.size() < 100, failures.size() + " failures: no rest in between");
                assertTrue(accepted.isEmpty());
            } finally {
                for (FileInputStream file : files) {
                    file.close();
                }
            }
            acceptOne(transport, accepted);
            assertEquals(0, arena.segmentsInUse());
        }
    }

    @Test
    @Timeout(60)
    void shouldAcceptAgainHoweverBusyTheOthersAre() throws IOException {
        List<AcceptedSocket> accepted = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        List<FileInputStream> files = new ArrayList<>();
        try (SegmentArena arena = new SegmentArena(ArenaConfig.ofMaxBytes(1 << 20));
            UringTransport transport = new UringTransport(arena)) {
            UringListener listener = (UringListener) transport.listen(Endpoint.tcp("127.0.0.1", 0),
                ListenOptions.defaults(), new Remembering(accepted, failures));
            try (Socket first = new Socket("127.0.0.1", listener.endpoint().port()); Socket waiting = new Socket()) {
                while (accepted.isEmpty()) {
                    transport.poll(-1);
                }
                // Sends in every turn.
                Recorder restless = new Recorder() {
                    @Override
                    public void onWritten(long position) {
                        connection().output().append(new UnsafeBuffer(new byte[1]), 0, 1);
                        connection().flush();
                    }
                };
                restless.connection(transport.adopt(accepted.removeFirst(), restless));
                restless.onWritten(0);
                waiting.bind(null);
                useUp(files);
                waiting.connect(listener.endpoint().address());
                while (failures.isEmpty()) {
                    transport.poll(-1);
                }
                for (FileInputStream file : files) {
                    file.close();
                }
                long startNs = System.nanoTime();
                while (accepted.isEmpty() && System.nanoTime() - startNs < DEADLINE_NS) {
                    transport.poll(-1);
                }
                assertEquals(1, accepted.size(), "accepted before the deadline");
                assertTrue(first.isConnected());
                accepted.getFirst().close();
            } finally {
                for (FileInputStream file : files) {
                    file.close();
                }
            }
        }
    }

    private static void acceptOne(UringTransport transport, List<AcceptedSocket> accepted) {
        while (accepted.isEmpty()) {
            transport.poll(-1);
        }
        accepted.removeFirst().close();
    }

    private static void useUp(List<FileInputStream> files) {
        try {
            while (files.size() < MOST_DESCRIPTORS) {
                files.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException e) {
            return;
        }
        Assumptions.abort("the limit of descriptors is too high to reach");
    }

    private record Remembering(List<AcceptedSocket> accepted, List<String> failures) implements AcceptHandler {
        @Override
        public void onAccepted(AcceptedSocket socket) {
            accepted.add(socket);
        }

        @Override
        public void onAcceptFailed(String reason) {
            failures.add(reason);
        }
    }
}
