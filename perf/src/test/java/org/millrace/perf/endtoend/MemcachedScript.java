package org.millrace.perf.endtoend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A memcached that does what the first key of a get says: {@code raw:<hex>} is answered with those bytes, {@code close}
 * and {@code rst} end the connection in order or not, {@code hang...} is not answered; all else is STORED.
 */
final class MemcachedScript implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final List<Socket> sockets = new ArrayList<>();

    MemcachedScript() throws IOException {
        Thread.ofPlatform().daemon().name("memcached-script").start(this::accept);
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
                Thread.ofPlatform().daemon().name("memcached-script-link").start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed: the end of the test
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            BufferedReader in = new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                if (words[0].equals("set")) {
                    in.readLine();
                }
                String key = words.length > 1 ? words[1] : "";
                if (key.equals("close")) {
                    return;
                }
                if (key.equals("rst")) {
                    socket.setSoLinger(true, 0);
                    return;
                }
                if (key.startsWith("raw:")) {
                    out.write(HexFormat.of().parseHex(key.substring(4)));
                } else if (!key.startsWith("hang")) {
                    out.write("STORED\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException e) {
            // the proxy has ended the link
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
