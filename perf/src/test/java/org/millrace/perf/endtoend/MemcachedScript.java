package org.millrace.perf.endtoend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.millrace.perf.server.ScriptedPort;

/**
 * A memcached that does what the first key of a get says: {@code raw:<hex>} is answered with those bytes, {@code close}
 * and {@code rst} end the connection in order or not, {@code hang...} is not answered; all else is STORED.
 */
final class MemcachedScript implements AutoCloseable {
    private final ScriptedPort port = new ScriptedPort(MemcachedScript::serve);

    MemcachedScript() throws IOException {
        // the port throws
    }

    int port() {
        return port.number();
    }

    private static void serve(Socket socket) throws IOException {
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
    }

    @Override
    public void close() throws IOException {
        port.close();
    }
}
