package org.millrace.perf.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A socket of a {@link SelectorLoop}. */
final class ChannelSocket extends FramedSocket {
    private static final int READS_PER_TURN = 16;

    private final Selector selector;
    private final InetSocketAddress address;
    private SocketChannel channel;
    private SelectionKey key;
    private ByteBuffer inView = ByteBuffer.allocate(0);
    private ByteBuffer outView = ByteBuffer.allocate(0);

    ChannelSocket(Selector selector, InetSocketAddress address, ReplyHandler handler, Framing framing) {
        super(handler, framing);
        this.selector = selector;
        this.address = address;
    }

    @Override
    void begin() {
        try {
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

    @Override
    void send(int limit) {
        RequestWriter out = out();
        try {
            if (outView.array() != out.buffer()) {
                outView = ByteBuffer.wrap(out.buffer());
            }
            int head = out.head();
            outView.clear().position(head).limit(head + Math.min(limit, out.size()));
            int written = channel.write(outView);
            out.taken(written);
            interest(out.size() == 0 ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            written(written);
        } catch (IOException e) {
            close("write: " + e.getMessage());
        }
    }

    @Override
    void end() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // It is of no use any more; the descriptor is gone either way.
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
        if ((ready & SelectionKey.OP_READ) != 0 && isLive()) {
            receive();
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

    private void receive() {
        try {
            for (int i = 0; i < READS_PER_TURN; i++) {
                byte[] in = room(1);
                if (inView.array() != in) {
                    inView = ByteBuffer.wrap(in);
                }
                inView.clear().position(at());
                int count = channel.read(inView);
                if (count < 0) {
                    close("the server closed the connection");
                    return;
                }
                read(count);
                if (inView.hasRemaining()) {
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

    private void interest(int ops) {
        if (key.interestOps() != ops) {
            key.interestOps(ops);
        }
    }
}
