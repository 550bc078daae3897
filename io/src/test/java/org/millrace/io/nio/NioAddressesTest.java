package org.millrace.io.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;

/** Of what stands at the path of a listening unix socket only a dead socket is removed. */
class NioAddressesTest {
    @TempDir
    private Path folder;

    @Test
    void shouldReplaceASocketThatNobodyListensOn() throws IOException {
        Path path = folder.resolve("s");
        open(path, 1).close();
        assertTrue(Files.exists(path));
        try (ServerSocketChannel channel = NioAddresses.listen(Endpoint.unix(path.toString()),
            ListenOptions.defaults())) {
            assertEquals(UnixDomainSocketAddress.of(path), channel.getLocalAddress());
        }
    }

    @Test
    void shouldLeaveASocketAloneThatIsInUse() throws IOException {
        Path path = folder.resolve("s");
        try (ServerSocketChannel alive = open(path, 1)) {
            assertTrue(refused(path).contains("Address already in use"));
            assertTrue(alive.isOpen());
            assertTrue(Files.exists(path));
        }
    }

    @Test
    void shouldLeaveASocketAloneWhoseBacklogIsFull() throws IOException {
        Path path = folder.resolve("s");
        List<SocketChannel> clients = new ArrayList<>();
        try (ServerSocketChannel alive = open(path, 1)) {
            fill(path, clients);
            String error = refused(path);
            assertTrue(error.contains("in use"), error);
            assertTrue(Files.exists(path));
            assertTrue(alive.isOpen());
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    @Test
    void shouldLeaveAloneWhatIsNoSocket() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("file"), "precious");
        Path directory = Files.createDirectory(folder.resolve("directory"));
        Path dead = folder.resolve("dead");
        open(dead, 1).close();
        Path link = Files.createSymbolicLink(folder.resolve("link"), dead);
        Path fifo = folder.resolve("fifo");
        Assumptions.assumeTrue(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0);
        for (Path path : List.of(file, directory, link, fifo)) {
            String error = refused(path);
            assertTrue(error.contains(path + ": the path exists and is not a socket"), error);
            assertTrue(Files.exists(path, LinkOption.NOFOLLOW_LINKS), path.toString());
        }
        assertFalse(Files.notExists(dead));
    }

    private static ServerSocketChannel open(Path path, int backlog) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(path), backlog);
        return channel;
    }

    /** Connects until the system takes no more. */
    private static void fill(Path path, List<SocketChannel> clients) throws IOException {
        for (int i = 0; i < 100; i++) {
            SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
            clients.add(client);
            client.configureBlocking(false);
            try {
                if (!client.connect(UnixDomainSocketAddress.of(path))) {
                    return;
                }
            } catch (IOException e) {
                return;
            }
        }
        Assumptions.abort("the backlog does not fill");
    }

    private static String refused(Path path) {
        return assertThrows(IOException.class, () -> NioAddresses.listen(Endpoint.unix(path.toString()),
            ListenOptions.defaults()).close()).getMessage();
    }
}
