package org.millrace.perf.fault;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.millrace.perf.client.RespReplyFramer;

/** One connection through a {@link FaultPort}: the proxy's link on one side, the server on the other. */
public final class FaultConnection {
    private final Socket link;
    private final Socket server;
    private final Wire requests;
    private final Wire replies;
    private final Consumer<FaultConnection> onOver;
    private final AtomicInteger running;
    private volatile boolean closing;

    /**
     * A connection that is not running yet.
     *
     * @param server null for one that is closed at once
     */
    FaultConnection(FaultPort port, Socket link, Socket server, Consumer<FaultConnection> onOver) {
        this.link = link;
        this.server = server;
        this.onOver = onOver;
        requests = new Wire(this, link, server, null, port.requestFault(), port.requestStrikes());
        replies = server == null ? null
            : new Wire(this, server, link, new RespReplyFramer(), port.replyFault(), port.replyStrikes());
        running = new AtomicInteger(server == null ? 1 : 2);
    }

    void start() {
        Thread.ofPlatform().daemon().name("requests-wire").start(requests::run);
        if (replies != null) {
            Thread.ofPlatform().daemon().name("replies-wire").start(replies::run);
        }
    }

    /** From the proxy to the server. */
    public Wire requests() {
        return requests;
    }

    /** From the server to the proxy. */
    public Wire replies() {
        return replies;
    }

    /**
     * Closes towards the proxy in good order: it sees an end, and no reset, whatever it is sending. Towards the server
     * it just ends.
     */
    public void close() {
        closing = true;
        try {
            link.shutdownOutput();
        } catch (IOException e) {
            // The proxy was quicker.
            quietlyClose(link);
        }
        quietlyClose(server);
        wake();
    }

    /** Resets the connection on both sides. */
    public void reset() {
        closing = true;
        linger(link);
        linger(server);
        quietlyClose(link);
        quietlyClose(server);
        wake();
    }

    boolean isClosing() {
        return closing;
    }

    /** One side has failed: the other one ends too, unless the connection is being closed in another way. */
    void abort() {
        if (!closing) {
            reset();
        }
    }

    /** One of the wires has ended. */
    void ended() {
        if (running.decrementAndGet() == 0) {
            quietlyClose(link);
            quietlyClose(server);
            onOver.accept(this);
        }
    }

    private void wake() {
        requests.wake();
        if (replies != null) {
            replies.wake();
        }
    }

    private static void linger(Socket socket) {
        try {
            if (socket != null) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // It is closed already.
            quietlyClose(socket);
        }
    }

    private static void quietlyClose(Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // There is nothing more to be done for it.
            return;
        }
    }
}
