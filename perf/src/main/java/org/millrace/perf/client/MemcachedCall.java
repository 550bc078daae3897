package org.millrace.perf.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a memcached, or a proxy before some, once; for set-up work. */
public final class MemcachedCall {
    private MemcachedCall() {
    }

    /**
     * Sends lines, then quit, on a connection of their own, and returns all that is answered.
     *
     * @param timeoutMs limit for connecting and for each read
     */
    public static String call(InetSocketAddress address, String lines, int timeoutMs) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, timeoutMs);
            socket.setSoTimeout(timeoutMs);
            socket.getOutputStream().write((lines + "\r\nquit\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
