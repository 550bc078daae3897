package org.millrace.perf.pressure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.millrace.perf.client.ReplyCursor;
import org.millrace.perf.client.RespReplyFramer;

/** One connection of the rate-limited server: reads only while little waits in it. Owned by the server's thread. */
final class LimitedConnection {
    private static final int ROOM = 4096;
    private static final byte[] OK = ascii("+OK\r\n");
    private static final byte[] PONG = ascii("+PONG\r\n");
    private static final byte[] VALUE = ascii("$20\r\nexactly twenty bytes\r\n");
    private static final byte[] SET = ascii("SET");
    private static final byte[] GET = ascii("GET");
    private static final byte[] UNKNOWN = ascii("-ERR this server knows GET, SET and PING\r\n");

    private final SocketChannel channel;
    private final SelectionKey key;
    private final byte[] in = new byte[ROOM];
    private final ByteBuffer out = ByteBuffer.allocate(64 * 1024);
    // A request is framed like a reply that is an array of bulk strings.
    private final RespReplyFramer framer = new RespReplyFramer();
    private final ReplyCursor cursor = new ReplyCursor();
    private int from;
    private int to;
    private boolean closed;

    LimitedConnection(SocketChannel channel, SelectionKey key) {
        this.channel = channel;
        this.key = key;
    }

    boolean isClosed() {
        return closed;
    }

    void read() {
        if (from > 0) {
            System.arraycopy(in, from, in, 0, to - from);
            to -= from;
            from = 0;
        }
        try {
            int count = channel.read(ByteBuffer.wrap(in, to, in.length - to));
            if (count < 0) {
                close();
                return;
            }
            to += count;
            if (to == in.length) {
                key.interestOps(0);
            }
        } catch (IOException e) {
            close();
        }
    }

    /** Answers the oldest request; false if there is none. */
    boolean answer() {
        if (closed || from == to || out.remaining() < 1024) {
            return false;
        }
        int end = framer.frame(in, from, to);
        if (end == RespReplyFramer.MALFORMED) {
            close();
            return false;
        }
        if (end == RespReplyFramer.INCOMPLETE) {
            key.interestOps(SelectionKey.OP_READ);
            return false;
        }
        cursor.wrap(in, from).next().next();
        out.put(cursor.bodyIs(GET) ? VALUE : cursor.bodyIs(SET) ? OK : cursor.text().equals("PING") ? PONG : UNKNOWN);
        from = end;
        if (to - from < in.length / 2) {
            key.interestOps(SelectionKey.OP_READ);
        }
        return true;
    }

    void flush() {
        if (closed || out.position() == 0) {
            return;
        }
        try {
            out.flip();
            channel.write(out);
            out.compact();
        } catch (IOException e) {
            close();
        }
    }

    void close() {
        closed = true;
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone either way.
            closed = true;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
