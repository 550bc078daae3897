package org.millrace.perf.endtoend;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.HexFormat;
import org.millrace.perf.server.FakeServer;
import org.millrace.perf.server.ScriptedPort;

/**
 * The server that stood behind nutcracker when {@link WireCases} were recorded: the first key of a request says what it
 * does. {@code raw:HEX} is answered with those bytes; at {@code close} and {@code rst} it ends the connection, at
 * {@code half} in the middle of a reply; from {@code hang...} on it is silent on that connection.
 */
final class WireBackend implements AutoCloseable {
    private static final String RAW = "raw:";
    private static final byte[] HALF = Resp.bytes("$10\r\nabc");

    private final ScriptedPort port = new ScriptedPort(WireBackend::serve);

    WireBackend() throws IOException {
        // the port throws
    }

    int port() {
        return port.number();
    }

    private static void serve(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(socket.getInputStream());
        boolean open = true;
        while (open) {
            open = answer(socket, in, FakeServer.request(in).get(1));
        }
    }

    /** False if the connection is to end. */
    private static boolean answer(Socket socket, InputStream in, String key) throws IOException {
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
                out.write(HALF);
                return false;
            }
            default -> {
                if (key.startsWith("hang")) {
                    in.transferTo(OutputStream.nullOutputStream());
                    return false;
                }
                out.write(key.startsWith(RAW) ? HexFormat.of().parseHex(key.substring(RAW.length()))
                    : Resp.bytes("+OK-" + key + "\r\n"));
                return true;
            }
        }
    }

    @Override
    public void close() throws IOException {
        port.close();
    }
}
