package org.millrace.codec.memcached;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.millrace.codec.ServerPort;

/** The installed memcached on a free port of this machine, ended with {@link #close()}. */
final class MemcachedServer implements AutoCloseable {
    private static final int TIMEOUT_MS = 20_000;

    private final Process process;
    private final int port;

    private MemcachedServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts a server; the test is skipped where none is installed. */
    static MemcachedServer start() throws IOException {
        int port = ServerPort.find();
        List<String> words = new ArrayList<>(List.of("memcached", "-l", "127.0.0.1", "-p", Integer.toString(port),
            "-U", "0", "-t", "1", "-m", "64"));
        if (System.getProperty("user.name").equals("root")) {
            // it does not run as root
            words.addAll(List.of("-u", "nobody"));
        }
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Process process = null;
        try {
            process = builder.start();
        } catch (IOException e) {
            Assumptions.abort("no memcached is installed: " + e.getMessage());
        }
        MemcachedServer server = new MemcachedServer(process, port);
        server.await();
        return server;
    }

    private void await() throws IOException {
        long deadlineNs = System.nanoTime() + TIMEOUT_MS * 1_000_000L;
        while (true) {
            try {
                answers(Corpus.bytes("mn\r\n"));
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadlineNs || !process.isAlive()) {
                    close();
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    /** All that it answers to a stream: it ends the connection once it has read the end of ours. */
    String answers(byte[] stream) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            Thread writer = Thread.ofVirtual().start(() -> write(socket, stream));
            byte[] answers;
            try {
                answers = socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                if (!"Connection reset".equals(e.getMessage())) {
                    throw e;
                }
                // it has closed with bytes of ours unread
                answers = new byte[0];
            }
            join(writer);
            return Corpus.text(answers);
        }
    }

    private static void write(Socket socket, byte[] stream) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(stream);
            socket.shutdownOutput();
        } catch (IOException e) {
            // it has ended the connection in the middle of a stream that it does not want: its answers tell
            return;
        }
    }

    private static void join(Thread thread) throws IOException {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
