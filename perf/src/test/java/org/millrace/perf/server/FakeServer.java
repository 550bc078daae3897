package org.millrace.perf.server;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A server that answers whatever a test tells it to, truth or not; one thread for each connection. */
public final class FakeServer implements AutoCloseable {
    private final ScriptedPort port;
    private final Script script;

    /** What to answer. */
    @FunctionalInterface
    public interface Script {
        /**
         * @param number  counts the requests of the connection from 1
         * @param request its arguments as Latin-1 text
         * @return the reply's bytes as text; null for none
         */
        String answer(int number, List<String> request);
    }

    private FakeServer(Script script) throws IOException {
        this.script = script;
        port = new ScriptedPort(this::serve);
    }

    /** Starts on a free port. */
    public static FakeServer start(Script script) throws IOException {
        return new FakeServer(script);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port.number());
    }

    private void serve(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(socket.getInputStream(), 65_536);
        for (int number = 1; ; number++) {
            String reply = script.answer(number, request(in));
            if (reply != null) {
                socket.getOutputStream().write(reply.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    /** Reads one request of Redis: its arguments as Latin-1 text. */
    public static List<String> request(InputStream in) throws IOException {
        int count = Integer.parseInt(line(in).substring(1));
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = Integer.parseInt(line(in).substring(1));
            arguments.add(new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
            in.readNBytes(2);
        }
        return arguments;
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

    @Override
    public void close() throws IOException {
        port.close();
    }
}
