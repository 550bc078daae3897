package org.millrace.codec.resp.command;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The smallest RESP2 client: one request, one reply. Text is Latin-1, so that any byte passes. */
final class RespClient implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;

    RespClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    }

    /** An error reply, without its leading sign. */
    record Failure(String text) {
    }

    /** The reply: a String (status or bulk), Long, Failure, List, or null. */
    Object call(String... words) throws IOException {
        socket.getOutputStream().write(Requests.bytes(words));
        return read(in);
    }

    static Object read(DataInputStream in) throws IOException {
        final String line = line(in);
        final String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case '-' -> new Failure(rest);
            case ':' -> Long.valueOf(rest);
            case '$' -> bulk(in, Integer.parseInt(rest));
            case '*' -> list(in, Integer.parseInt(rest));
            default -> throw new IOException("not RESP2: " + line);
        };
    }

    private static String bulk(DataInputStream in, int length) throws IOException {
        if (length < 0) {
            return null;
        }
        final byte[] bytes = new byte[length + 2];
        in.readFully(bytes);
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static List<Object> list(DataInputStream in, int size) throws IOException {
        if (size < 0) {
            return null;
        }
        final List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(read(in));
        }
        return list;
    }

    private static String line(DataInputStream in) throws IOException {
        final StringBuilder line = new StringBuilder();
        for (int b = in.readByte() & 0xFF; b != '\r'; b = in.readByte() & 0xFF) {
            line.append((char) b);
        }
        in.readByte();
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
