package org.millrace.perf.endtoend;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The server that stood behind nutcracker when {@link WireCases} were recorded: the first key of a request says what it
 * does. {@code raw:HEX} is answered with those bytes; at {@code close} and {@code rst} it ends the connection, at
 * {@code half} in the middle of a reply; from {@code hang...} on it is silent on that connection.
 */
final class WireBackend implements AutoCloseable {
    private static final String RAW = "raw:";

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final List<Socket> sockets = new ArrayList<>();
    private final Protocol protocol;

    /** How the keys of requests are found, and what other keys are answered with. */
    enum Protocol {
        REDIS("$10\r\nabc"), MEMCACHED("VALUE half 0 10\r\nabc");

        private final String half;

        Protocol(String half) {
            this.half = half;
        }

        /** The first key of the next request. */
        private String key(InputStream in) throws IOException {
            String first = line(in);
            if (this == MEMCACHED) {
                return first.split(" +")[1];
            }
            List<String> words = new ArrayList<>();
            for (int count = Integer.parseInt(first.substring(1)); count > 0; count--) {
                words.add(Resp.text(in.readNBytes(Integer.parseInt(line(in).substring(1)))));
                line(in);
            }
            return words.get(1);
        }

        private String usual(String key) {
            return this == REDIS ? "+OK-" + key + "\r\n" : "STORED\r\n";
        }

        private static String line(InputStream in) throws IOException {
            StringBuilder text = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EOFException();
                }
                text.append((char) c);
            }
            text.setLength(text.length() - 1);
            return text.toString();
        }
    }

    WireBackend(Protocol protocol) throws IOException {
        this.protocol = protocol;
        Thread.ofPlatform().daemon().name("wire-backend").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                synchronized (sockets) {
                    sockets.add(socket);
                }
                Thread.ofPlatform().daemon().name("wire-connection").start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed: the end of the test
        }
    }

    private void serve(Socket socket) {
        try (socket; InputStream in = new BufferedInputStream(socket.getInputStream())) {
            socket.setTcpNoDelay(true);
            boolean open = true;
            while (open) {
                open = answer(socket, in, protocol.key(in));
            }
        } catch (IOException e) {
            // the proxy has closed it
        }
    }

    /** False if the connection is to end. */
    private boolean answer(Socket socket, InputStream in, String key) throws IOException {
        OutputStream out = socket.getOutputStream();
        switch (key) {
            case "close" -> {
                return false;
            }
            case "rst" -> {
                socket.setSoLinger(true, 0);
                return false;
            }
            case "half" -> {
                out.write(Resp.bytes(protocol.half));
                return false;
            }
            default -> {
                if (key.startsWith("hang")) {
                    in.transferTo(OutputStream.nullOutputStream());
                    return false;
                }
                out.write(key.startsWith(RAW) ? HexFormat.of().parseHex(key.substring(RAW.length()))
                    : Resp.bytes(protocol.usual(key)));
                return true;
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        synchronized (sockets) {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
