package org.millrace.perf.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ports that stay free. */
class FreePortTest {
    @Test
    void shouldFindPortsThatDifferAndThatNobodyGetsWhoConnects() throws IOException {
        Set<Integer> found = new HashSet<>();
        try (ServerSocket server = new ServerSocket(FreePort.find(), 200)) {
            for (int i = 0; i < 100; i++) {
                int port = FreePort.find();
                assertTrue(found.add(port), "found twice: " + port);
                try (Socket client = new Socket("127.0.0.1", server.getLocalPort())) {
                    assertTrue(port < FreePort.end() && FreePort.end() <= client.getLocalPort(),
                        port + " is not below " + FreePort.end() + ", a client has " + client.getLocalPort());
                }
            }
        }
    }

    @Test
    void shouldGiveEachProcessABlockOfItsOwn() throws IOException {
        int ours = FreePort.find();
        FreePort.Block one = FreePort.Block.take();
        try (ServerSocket mark = one.mark()) {
            FreePort.Block other = FreePort.Block.take();
            try (ServerSocket otherMark = other.mark()) {
                assertFalse(one.has(other.first()) || other.has(one.first()), one + " and " + other);
                assertFalse(one.has(ours) || other.has(ours), ours + " is ours, not in " + one + " or " + other);
                assertFalse(one.has(mark.getLocalPort()) || other.has(otherMark.getLocalPort()), "a mark");
            }
        }
    }
}
