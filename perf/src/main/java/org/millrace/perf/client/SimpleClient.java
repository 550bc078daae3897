package org.millrace.perf.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;

/** A blocking client for set-up work: PING, DBSIZE, filling keys. One thread at a time. */
public final class SimpleClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream input;
    private final RequestWriter out = new RequestWriter();
    private final RespReplyFramer framer = new RespReplyFramer();
    private final ReplyCursor cursor = new ReplyCursor();
    private byte[] in = new byte[8192];
    private int from;
    private int to;

    /**
     * Connects.
     *
     * @param timeoutMs limit for connecting and for each reply
     */
    public SimpleClient(InetSocketAddress address, int timeoutMs) throws IOException {
        socket = new Socket();
        try {
            socket.connect(address, timeoutMs);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeoutMs);
            input = socket.getInputStream();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends one request and returns the reply's first element as text; an error reply becomes an exception. */
    public String call(String... arguments) throws IOException {
        out.array(arguments.length);
        for (String argument : arguments) {
            out.bulk(argument);
        }
        flush();
        ReplyCursor reply = read();
        if (reply.type() == '-') {
            throw new IOException(arguments[0] + ": " + reply.text());
        }
        return reply.text();
    }

    /** Where requests of a pipeline go. */
    public RequestWriter out() {
        return out;
    }

    /** Sends what was appended. */
    public void flush() throws IOException {
        socket.getOutputStream().write(out.buffer(), out.head(), out.size());
        out.clear();
    }

    /** The next reply, the cursor on its first element; valid until the next call. */
    public ReplyCursor read() throws IOException {
        int end = framer.frame(in, from, to);
        while (end == RespReplyFramer.INCOMPLETE) {
            makeRoom();
            int count = input.read(in, to, in.length - to);
            if (count < 0) {
                throw new EOFException("the server closed the connection");
            }
            to += count;
            end = framer.frame(in, from, to);
        }
        if (end == RespReplyFramer.MALFORMED) {
            throw new IOException("malformed reply");
        }
        cursor.wrap(in, from).next();
        from = end;
        return cursor;
    }

    private void makeRoom() {
        int needed = framer.neededTo() - from;
        if (from > 0) {
            System.arraycopy(in, from, in, 0, to - from);
            to -= from;
            from = 0;
        }
        if (needed > in.length || to == in.length) {
            in = Arrays.copyOf(in, Math.max(in.length * 2, needed));
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
