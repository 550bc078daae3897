package org.millrace.io.nio;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.millrace.io.AcceptHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.Listener;

/** A listening socket. When accepting fails, it rests for a while: the kernel would report it again at once. */
final class NioListener implements Listener {
    private static final long PAUSE_NS = 100_000_000;
    /** So that a storm of connections cannot keep a turn from ending. */
    private static final int MAX_ACCEPTS_PER_TURN = 64;

    private final NioTransport transport;
    private final ServerSocketChannel channel;
    private final SelectionKey key;
    private final Endpoint endpoint;
    private final AcceptHandler handler;
    private final boolean keepAlive;
    private boolean paused;
    private long resumeAtNs;

    NioListener(NioTransport transport, ServerSocketChannel channel, SelectionKey key, ListenOptions options,
        AcceptHandler handler) throws IOException {
        this.transport = transport;
        this.channel = channel;
        this.key = key;
        this.endpoint = new Endpoint(channel.getLocalAddress());
        this.keepAlive = options.keepAlive();
        this.handler = handler;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    boolean isPaused() {
        return paused;
    }

    /** Nanoseconds until this listener accepts again; resumes it if that is now. */
    long resumeInNs(long nowNs) {
        long leftNs = resumeAtNs - nowNs;
        if (leftNs <= 0) {
            paused = false;
            key.interestOps(SelectionKey.OP_ACCEPT);
        }
        return leftNs;
    }

    void onReady() {
        for (int i = 0; i < MAX_ACCEPTS_PER_TURN && channel.isOpen() && !paused; i++) {
            SocketChannel accepted = null;
            NioAcceptedSocket socket;
            try {
                accepted = channel.accept();
                if (accepted == null) {
                    return;
                }
                NioAddresses.setUp(accepted, keepAlive);
                socket = new NioAcceptedSocket(accepted);
            } catch (IOException e) {
                if (accepted == null) {
                    pause(e.getMessage());
                } else {
                    // The peer has gone again already.
                    NioAddresses.closeQuietly(accepted);
                }
                continue;
            }
            deliver(socket);
        }
    }

    /** Accepts nothing for a while and says why. */
    void pause(String reason) {
        paused = true;
        resumeAtNs = System.nanoTime() + PAUSE_NS;
        key.interestOps(0);
        transport.countEvent();
        try {
            handler.onAcceptFailed(reason);
        } catch (RuntimeException e) {
            transport.handlerFailed(e);
        }
    }

    private void deliver(NioAcceptedSocket socket) {
        transport.countEvent();
        try {
            handler.onAccepted(socket);
        } catch (RuntimeException e) {
            socket.close();
            transport.handlerFailed(e);
        }
    }

    @Override
    public void close() {
        if (channel.isOpen()) {
            NioAddresses.closeQuietly(channel);
            transport.removeListener(this);
        }
    }
}
