package org.millrace.perf.fault;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.millrace.perf.server.FreePort;

/**
 * A port in front of a real server that passes everything on until it is told to make faults: for all connections,
 * those to come included, or for one. Any thread may call it.
 * <pre>
 *   proxy ──▶ FaultPort ──▶ FaultConnection ══▶ server
 *                             requests: Wire ──▶
 *                             ◀── replies: Wire
 * </pre>
 */
public final class FaultPort implements AutoCloseable {
    private enum Answer { FORWARD, CLOSE, RESET }

    private static final int BACKLOG = 128;
    private static final int CONNECT_TIMEOUT_MS = 2_000;

    private final InetSocketAddress server;
    private final int port;
    private final List<FaultConnection> connections = new ArrayList<>();
    private final AtomicLong requestStrikes = new AtomicLong();
    private final AtomicLong replyStrikes = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private volatile WireFault requestFault = WireFaults.NONE;
    private volatile WireFault replyFault = WireFaults.NONE;
    private volatile Answer answer = Answer.FORWARD;
    private ServerSocket listener;
    private Thread accepting;

    private FaultPort(InetSocketAddress server) throws IOException {
        this.server = server;
        port = FreePort.find();
        listen();
    }

    /** A port before this server. */
    public static FaultPort before(InetSocketAddress server) throws IOException {
        return new FaultPort(server);
    }

    /** Where proxies connect; the same also after {@link #refuse()}. */
    public int port() {
        return port;
    }

    /** New connections are refused; those that stand are left alone. */
    public synchronized void refuse() throws IOException {
        if (listener != null) {
            listener.close();
            listener = null;
            join(accepting);
        }
    }

    /** New connections are taken again. */
    public synchronized void listen() throws IOException {
        if (listener == null) {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), BACKLOG);
            ServerSocket socket = listener;
            accepting = Thread.ofPlatform().daemon().name("fault-port-" + port).start(() -> accept(socket));
        }
    }

    /** New connections are taken and passed on. */
    public void forward() {
        answer = Answer.FORWARD;
    }

    /** New connections are taken and closed in good order. */
    public void hangUp() {
        answer = Answer.CLOSE;
    }

    /** New connections are taken and reset. */
    public void hangUpWithReset() {
        answer = Answer.RESET;
    }

    /** What happens to requests on all connections from now on. */
    public void requests(WireFault fault) {
        synchronized (connections) {
            requestFault = fault;
            each(connection -> connection.requests().fault(fault));
        }
    }

    /** What happens to replies on all connections from now on. */
    public void replies(WireFault fault) {
        synchronized (connections) {
            replyFault = fault;
            repliesOnce(fault);
        }
    }

    /** The same once, on the connections that stand; those to come are well. */
    public void repliesOnce(WireFault fault) {
        each(connection -> {
            if (connection.replies() != null) {
                connection.replies().fault(fault);
            }
        });
    }

    /** Resets all connections. */
    public void reset() {
        each(FaultConnection::reset);
    }

    /** Closes all connections in good order. */
    public void hangUpAll() {
        each(FaultConnection::close);
    }

    /** Takes and forwards everything again. */
    public void heal() throws IOException {
        forward();
        requests(WireFaults.NONE);
        replies(WireFaults.NONE);
        listen();
    }

    /** The connections that stand. */
    public List<FaultConnection> connections() {
        synchronized (connections) {
            return List.copyOf(connections);
        }
    }

    /** How many connections were taken, whatever became of them. */
    public long accepted() {
        return accepted.get();
    }

    /** How often faults of requests have struck. */
    public AtomicLong requestStrikes() {
        return requestStrikes;
    }

    /** How often faults of replies have struck. */
    public AtomicLong replyStrikes() {
        return replyStrikes;
    }

    WireFault requestFault() {
        return requestFault;
    }

    WireFault replyFault() {
        return replyFault;
    }

    private void each(Consumer<FaultConnection> action) {
        connections().forEach(action);
    }

    private void accept(ServerSocket from) {
        try {
            while (true) {
                Socket link = from.accept();
                accepted.incrementAndGet();
                take(link);
            }
        } catch (IOException e) {
            // Closed: nobody is taken any more.
            return;
        }
    }

    private void take(Socket link) throws IOException {
        link.setTcpNoDelay(true);
        Answer now = answer;
        Socket target = now == Answer.FORWARD ? connect() : null;
        FaultConnection connection;
        synchronized (connections) {
            connection = new FaultConnection(this, link, target, this::forget);
            connections.add(connection);
        }
        connection.start();
        if (now == Answer.CLOSE) {
            connection.close();
        } else if (target == null) {
            connection.reset();
        }
    }

    /** The server, or null if it is not there. */
    private Socket connect() {
        Socket socket = new Socket();
        try {
            socket.connect(server, CONNECT_TIMEOUT_MS);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            try {
                socket.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            return null;
        }
    }

    private void forget(FaultConnection connection) {
        synchronized (connections) {
            connections.remove(connection);
        }
    }

    private static void join(Thread thread) throws IOException {
        try {
            thread.join(CONNECT_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        refuse();
        reset();
    }
}
