package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Who gets new connections when one of several listeners is about to leave. */
@EnabledOnOs(OS.LINUX)
class SharedPortTest {
    private static final int CONNECTIONS = 40;

    /** One of the listeners. */
    private static final class Door implements AutoCloseable {
        private final ServerSocketChannel channel = ServerSocketChannel.open();
        private final SharedPort shared;

        Door(int port) throws IOException {
            shared = SharedPort.before(Endpoint.tcp("127.0.0.1", port));
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            channel.bind(new InetSocketAddress("127.0.0.1", port), CONNECTIONS);
            shared.entered();
        }

        /** Accepts what has come; how many there were. */
        int accepted() throws IOException {
            int count = 0;
            for (SocketChannel each = channel.accept(); each != null; each = channel.accept()) {
                each.close();
                count++;
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocketChannel any = ServerSocketChannel.open()) {
            return ((InetSocketAddress) any.bind(new InetSocketAddress("127.0.0.1", 0)).getLocalAddress()).getPort();
        }
    }

    private static void connect(int port) throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            new Socket("127.0.0.1", port).close();
        }
    }

    @Test
    void shouldLeaveNewConnectionsToWhoeverStays() throws IOException {
        int port = freePort();
        try (Door first = new Door(port); Door second = new Door(port)) {
            assertTrue(first.shared.leave());
            connect(port);
            assertEquals(0, first.accepted());
            assertEquals(CONNECTIONS, second.accepted());
            first.channel.close();
            connect(port);
            assertEquals(CONNECTIONS, second.accepted());
            assertFalse(second.shared.leave(), "nobody would be left");
            // after an heir has moved up in the kernel's order
            try (Door third = new Door(port)) {
                connect(port);
                int shares = second.accepted();
                assertTrue(shares > 0 && shares < CONNECTIONS, "what the first has arranged still holds");
                assertEquals(CONNECTIONS - shares, third.accepted());
                assertTrue(second.shared.leave());
                connect(port);
                assertEquals(0, second.accepted());
                assertEquals(CONNECTIONS, third.accepted());
            }
        }
    }

    /** A new process that is no good leaves before the old one. */
    @Test
    void shouldLeaveNewConnectionsToTheElder() throws IOException {
        int port = freePort();
        try (Door first = new Door(port); Door second = new Door(port)) {
            assertTrue(second.shared.leave());
            connect(port);
            assertEquals(CONNECTIONS, first.accepted());
            assertEquals(0, second.accepted());
        }
    }

    @Test
    void shouldHaveNobodyToLeaveThemToWhereItIsAlone() throws IOException {
        int port = freePort();
        try (Door only = new Door(port)) {
            assertFalse(only.shared.leave());
            connect(port);
            assertEquals(CONNECTIONS, only.accepted());
        }
        try (ServerSocketChannel other = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.2", 0))) {
            assertTrue(other.isOpen());
            int theirs = ((InetSocketAddress) other.getLocalAddress()).getPort();
            try (Door only = new Door(theirs)) {
                assertFalse(only.shared.leave(), "the same port of another address is another's");
            }
        }
    }
}
