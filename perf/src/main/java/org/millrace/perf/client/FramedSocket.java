package org.millrace.perf.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One non-blocking connection to a server of some protocol: requests are appended to {@link #out()} and go out with
 * {@link #flush()}, whole replies come to the {@link ReplyHandler}. Owned by the thread of its {@link SocketLoop}.
 */
public final class FramedSocket {
    private static final int INITIAL_IN = 16 * 1024;
    private static final int READS_PER_TURN = 16;

    private final Selector selector;
    private final InetSocketAddress address;
    private final ReplyHandler handler;
    private final RequestWriter out = new RequestWriter();
    private final Framing framing;

    private SocketChannel channel;
    private SelectionKey key;
    private byte[] in = new byte[INITIAL_IN];
    private ByteBuffer inView = ByteBuffer.wrap(in);
    private ByteBuffer outView = ByteBuffer.wrap(out.buffer());
    private int inFrom;
    private int inTo;
    private int neededTo;
    private boolean open;
    private long bytesRead;
    private long bytesWritten;

    FramedSocket(Selector selector, InetSocketAddress address, ReplyHandler handler, Framing framing) {
        this.selector = selector;
        this.address = address;
        this.handler = handler;
        this.framing = framing;
    }

    /** Begins to connect; the handler hears of the outcome. */
    public void connect() {
        try {
            out.clear();
            inFrom = 0;
            inTo = 0;
            neededTo = 0;
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean done = channel.connect(address);
            key = channel.register(selector, done ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
            if (done) {
                opened();
            }
        } catch (IOException e) {
            close(e.getMessage());
        }
    }

    /** Where requests go; nothing leaves before {@link #flush()}. */
    public RequestWriter out() {
        return out;
    }

    /** Whether requests can be sent now. */
    public boolean isOpen() {
        return open;
    }

    /** Bytes received in all connections of this socket. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Bytes sent in all connections of this socket. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Sends what is there; what the kernel does not take now goes out when it can. */
    public void flush() {
        flush(Integer.MAX_VALUE);
    }

    /** Sends at most {@code limit} bytes now; the rest goes out in the next turn, so a request may arrive in pieces. */
    public void flush(int limit) {
        if (!open || out.size() == 0) {
            return;
        }
        try {
            if (outView.array() != out.buffer()) {
                outView = ByteBuffer.wrap(out.buffer());
            }
            int head = out.head();
            outView.clear().position(head).limit(head + Math.min(limit, out.size()));
            int written = channel.write(outView);
            bytesWritten += written;
            out.taken(written);
            interest(out.size() == 0 ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            if (written > 0) {
                handler.onWritten();
            }
        } catch (IOException e) {
            close("write: " + e.getMessage());
        }
    }

    /** Closes; the handler hears {@code why}. No effect on a closed socket. */
    public void close(String why) {
        if (channel == null) {
            return;
        }
        quietlyClose();
        handler.onClosed(why);
    }

    /** Closes without telling the handler. */
    public void quietlyClose() {
        open = false;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // It is of no use any more; the descriptor is gone either way.
            }
            channel = null;
        }
    }

    void onReady() {
        if (!key.isValid()) {
            return;
        }
        int ready = key.readyOps();
        if ((ready & SelectionKey.OP_CONNECT) != 0) {
            finishConnect();
            return;
        }
        if ((ready & SelectionKey.OP_WRITE) != 0) {
            flush();
        }
        if ((ready & SelectionKey.OP_READ) != 0 && channel != null) {
            read();
        }
    }

    private void finishConnect() {
        try {
            channel.finishConnect();
            key.interestOps(SelectionKey.OP_READ);
            opened();
        } catch (IOException e) {
            close(e.getMessage());
        }
    }

    private void opened() {
        open = true;
        handler.onConnected();
    }

    private void read() {
        try {
            for (int i = 0; i < READS_PER_TURN; i++) {
                makeRoom();
                inView.clear().position(inTo);
                int count = channel.read(inView);
                if (count < 0) {
                    close("the server closed the connection");
                    return;
                }
                bytesRead += count;
                inTo += count;
                if (inTo < in.length) {
                    break;
                }
                if (!deliver()) {
                    return;
                }
            }
        } catch (IOException e) {
            close("read: " + e.getMessage());
            return;
        }
        deliver();
    }

    /** Hands over the whole replies; false when the connection was closed on the way. */
    private boolean deliver() {
        if (inTo < neededTo) {
            return true;
        }
        long nowNs = System.nanoTime();
        while (inFrom < inTo) {
            int end = framing.frame(in, inFrom, inTo);
            if (end == Framing.INCOMPLETE) {
                break;
            }
            if (end == Framing.MALFORMED) {
                close("malformed reply");
                return false;
            }
            int from = inFrom;
            inFrom = end;
            handler.onReply(in, from, end, nowNs);
            if (channel == null) {
                return false;
            }
        }
        if (inFrom == inTo) {
            inFrom = 0;
            inTo = 0;
            neededTo = 0;
        } else {
            neededTo = framing.neededTo();
        }
        handler.onBatchEnd(nowNs);
        return channel != null;
    }

    private void makeRoom() {
        int needed = Math.max(neededTo, inTo + 1) - inFrom;
        if (inFrom + needed <= in.length) {
            return;
        }
        byte[] target = needed <= in.length ? in : new byte[Math.max(in.length * 2, needed + INITIAL_IN)];
        System.arraycopy(in, inFrom, target, 0, inTo - inFrom);
        if (target != in) {
            in = target;
            inView = ByteBuffer.wrap(in);
        }
        inTo -= inFrom;
        neededTo = Math.max(0, neededTo - inFrom);
        inFrom = 0;
    }

    private void interest(int ops) {
        if (key.interestOps() != ops) {
            key.interestOps(ops);
        }
    }
}
