package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A socket that sends any bytes and tells what comes back, byte for byte. Every wait has a limit. One thread, but for
 * {@link #sendAside}.
 */
final class RawClient implements AutoCloseable {
    private static final int LIMIT_MS = 20_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final byte[] buffer = new byte[256 << 10];
    private int from;
    private int to;

    RawClient(int port) throws IOException {
        socket.connect(new InetSocketAddress("127.0.0.1", port), LIMIT_MS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LIMIT_MS);
        in = socket.getInputStream();
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    RawClient send(String... words) throws IOException {
        return send(Resp.request(words));
    }

    /** Sends from another thread, for more bytes than both sides can hold while nobody reads. */
    CompletableFuture<Void> sendAside(byte[] bytes) {
        return aside(() -> send(bytes));
    }

    /**
     * Sends a head and so many bytes after it from another thread, the same block again and again: a large value in an
     * array of its own makes the collector stop all threads for as long as it takes to move that, the proxy's as well.
     */
    CompletableFuture<Void> sendAside(byte[] head, byte[] block, int length) {
        return aside(() -> {
            send(head);
            for (int sent = 0; sent < length; sent += block.length) {
                socket.getOutputStream().write(block, 0, Math.min(block.length, length - sent));
            }
        });
    }

    private static CompletableFuture<Void> aside(Sending sending) {
        return CompletableFuture.runAsync(() -> {
            try {
                sending.run();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }, task -> Thread.ofPlatform().daemon().name("raw-client-send").start(task));
    }

    /** One request, one reply. */
    byte[] call(byte[] request) throws IOException {
        return send(request).reply();
    }

    /** One request, its reply as text. */
    String call(String... words) throws IOException {
        return Resp.text(send(words).reply());
    }

    void expect(String reply, String... words) throws IOException {
        assertEquals(reply, call(words), () -> "reply to " + String.join(" ", words));
    }

    /** Sends all at once and returns so many replies. */
    List<byte[]> pipeline(byte[] requests, int replies) throws IOException {
        CompletableFuture<Void> sent = sendAside(requests);
        List<byte[]> got = replies(replies);
        sent.join();
        return got;
    }

    List<byte[]> replies(int count) throws IOException {
        List<byte[]> replies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replies.add(reply());
        }
        return replies;
    }

    /** The next reply as it stands on the wire. */
    byte[] reply() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long pending = 1;
        while (pending > 0) {
            pending += element(out) - 1;
        }
        return out.toByteArray();
    }

    /** Takes one element; returns how many belong to it. */
    private long element(ByteArrayOutputStream out) throws IOException {
        String line = line(out);
        switch (line.charAt(0)) {
            case '+', '-', ':', '_', '#', ',', '(' -> {
                return 0;
            }
            case '$', '=' -> {
                int length = Integer.parseInt(line.substring(1));
                if (length >= 0) {
                    take(out, length + 2);
                }
                return 0;
            }
            case '*', '~', '>' -> {
                return Math.max(0, Long.parseLong(line.substring(1)));
            }
            case '%' -> {
                return 2 * Long.parseLong(line.substring(1));
            }
            default -> throw new IOException("this is no reply: " + line);
        }
    }

    private String line(ByteArrayOutputStream out) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < 2 || line.charAt(line.length() - 1) != '\n') {
            fill();
            byte b = buffer[from++];
            out.write(b);
            line.append((char) (b & 0xFF));
        }
        return line.substring(0, line.length() - 2);
    }

    private void take(ByteArrayOutputStream out, int length) throws IOException {
        int left = length;
        while (left > 0) {
            fill();
            int count = Math.min(left, to - from);
            out.write(buffer, from, count);
            from += count;
            left -= count;
        }
    }

    private void fill() throws IOException {
        if (from == to) {
            from = 0;
            to = Math.max(0, in.read(buffer));
            if (to == 0) {
                throw new EOFException("the connection was closed where a reply was due");
            }
        }
    }

    /** Exactly so many bytes. */
    byte[] exactly(int length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        take(out, length);
        return out.toByteArray();
    }

    /** What is left of a line. */
    byte[] untilLineEnd() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        line(out);
        return out.toByteArray();
    }

    void expectBytes(byte[] expected) throws IOException {
        assertArrayEquals(expected, exactly(expected.length));
    }

    /** Everything up to the end of the connection. */
    byte[] untilClose() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(buffer, from, to - from);
        from = to;
        try {
            in.transferTo(out);
        } catch (SocketException e) {
            // a reset ends a connection too
            out.writeBytes(new byte[0]);
        }
        return out.toByteArray();
    }

    /** Leaves without good manners: the other side gets a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** True if a byte can be read at once. */
    boolean hasInput() throws IOException {
        return from < to || in.available() > 0;
    }

    /** True if the other side has closed: looks for a moment only, and only if no byte waits. */
    boolean hasEnded() throws IOException {
        socket.setSoTimeout(1);
        try {
            to = Math.max(from, in.read(buffer));
            return from == to;
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            socket.setSoTimeout(LIMIT_MS);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** What may fail. */
    private interface Sending {
        void run() throws IOException;
    }
}
