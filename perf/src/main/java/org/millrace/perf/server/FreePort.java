package org.millrace.perf.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of 127.0.0.1 for servers that are to be started. They lie below those that the system gives to whoever
 * connects: so they stay free until the server is there, and while it is down, and nobody who tries to connect there
 * meets himself. One is found again only when all others were. Each process takes them from a block of its own, whose
 * first port it listens on for as long as it lives: others that look for ports beside it leave that block alone.
 */
public final class FreePort {
    private static final Path EPHEMERAL_PORTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LEAST = 10_000;
    /** Where ephemeral ports begin on systems that do not tell, or above. */
    private static final int USUAL_END = 32_768;
    private static final int MOST = 65_535;
    private static final int ATTEMPTS = 100;
    private static final int BLOCK = 500;
    private static final Block OWN = Block.take();
    private static final AtomicInteger NEXT = new AtomicInteger();

    private FreePort() {
    }

    /**
     * A port that nobody used a moment ago.
     *
     * @throws IOException if a hundred in a row are taken
     */
    public static int find() throws IOException {
        IOException last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = OWN.first + Math.floorMod(NEXT.getAndIncrement(), OWN.count);
            try (ServerSocket socket = listen(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    /** The least port that is none of ours. */
    static int end() throws IOException {
        if (!Files.isReadable(EPHEMERAL_PORTS)) {
            return USUAL_END;
        }
        // in one read: the kernel tells the rest of it to nobody
        try (BufferedReader reader = Files.newBufferedReader(EPHEMERAL_PORTS)) {
            int first = Integer.parseInt(reader.readLine().trim().split("\\s+")[0]);
            return first > LEAST + BLOCK ? first : MOST;
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
    }

    /**
     * Ports of this process.
     *
     * @param mark what tells the others that they are taken; null where all blocks were, and these are everybody's
     */
    record Block(int first, int count, ServerSocket mark) {
        boolean has(int port) {
            return port >= first && port < first + count;
        }

        static Block take() {
            try {
                int blocks = (end() - LEAST) / BLOCK;
                int start = ThreadLocalRandom.current().nextInt(blocks);
                for (int i = 0; i < blocks; i++) {
                    int port = LEAST + (start + i) % blocks * BLOCK;
                    try {
                        return new Block(port + 1, BLOCK - 1, listen(port));
                    } catch (IOException e) {
                        // somebody else's: the next one may be free
                    }
                }
                return new Block(LEAST, blocks * BLOCK, null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
