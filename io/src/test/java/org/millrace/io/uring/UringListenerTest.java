package org.millrace.io.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.ArenaConfig;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.SegmentArena;

/** Accepting when the process has no descriptors left. */
class UringListenerTest {
    private static final int MOST_DESCRIPTORS = 100_000;

    @BeforeAll
    static void needIoUring() {
        Assumptions.assumeTrue(UringSupport.probe() == null, UringSupport::probe);
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
