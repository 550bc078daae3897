package org.millrace.codec;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that are to be started: below those that the system gives to whoever connects meanwhile. */
public final class ServerPort {
    private static final Path EPHEMERAL_PORTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LEAST = 10_000;
    private static final int USUAL_END = 32_768;
    private static final int ATTEMPTS = 100;

    private ServerPort() {
    }

    /** A port of 127.0.0.1 that nobody used a moment ago. */
    public static int find() throws IOException {
        final int end = end();
        for (int i = 0; i < ATTEMPTS; i++) {
            final int port = ThreadLocalRandom.current().nextInt(LEAST, end);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // somebody has it: another one, then
                continue;
            }
        }
        throw new IOException("of " + ATTEMPTS + " ports below " + end + " none was free");
    }

    private static int end() throws IOException {
        if (!Files.isReadable(EPHEMERAL_PORTS)) {
            return USUAL_END;
        }
        // in one read: the kernel tells the rest of it to nobody
        try (BufferedReader reader = Files.newBufferedReader(EPHEMERAL_PORTS)) {
            final int first = Integer.parseInt(reader.readLine().trim().split("\\s+")[0]);
            return first > LEAST ? first : USUAL_END;
        }
    }
}
