package org.millrace.io.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.millrace.io.AcceptHandler;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.Listener;
import org.millrace.io.ReceiveMemory;
import org.millrace.io.SegmentArena;
import org.millrace.io.Transport;

/**
 * Sockets by a selector. All methods but {@link #wakeUp} belong to the thread that polls; an exception of a handler
 * closes its connection and is counted, and never ends the loop.
 */
public final class NioTransport implements Transport {
    private static final long NS_PER_MS = 1_000_000;
    /** While a connection waits for memory nothing tells when there is some, so it is tried again this often. */
    private static final long STARVED_WAIT_NS = NS_PER_MS;

    private final SegmentArena arena;
    private final NioSettings settings;
    private final Selector selector;
    private final Consumer<SelectionKey> onReady = this::onReady;
    /** Apart, so that requests that wait cannot keep the replies from arriving that would free them. */
    private final ReceiveMemory clientMemory;
    private final ReceiveMemory linkMemory;
    private final GatherWriter writer = new GatherWriter();
    private final ArrayList<NioListener> listeners = new ArrayList<>();
    private ArrayList<NioConnection> outcomes = new ArrayList<>();
    private ArrayList<NioConnection> spareOutcomes = new ArrayList<>();
    private ArrayList<NioConnection> leaving = new ArrayList<>();
    private ArrayList<NioConnection> spareLeaving = new ArrayList<>();
    private final StarvedQueue starvedClients = new StarvedQueue();
    private final StarvedQueue starvedLinks = new StarvedQueue();
    private int events;
    private long handlerFailures;
    private boolean closed;

    public NioTransport(SegmentArena arena) {
        this(arena, NioSettings.defaults());
    }

    public NioTransport(SegmentArena arena, NioSettings settings) {
        this.arena = arena;
        this.settings = settings;
        this.clientMemory =
            ReceiveMemory.shared(arena, false, settings.receiveSegmentBytes(), settings.minReceiveBytes());
        this.linkMemory =
            ReceiveMemory.shared(arena, true, settings.receiveSegmentBytes(), settings.minReceiveBytes());
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("a selector cannot be opened", e);
        }
    }

    @Override
    public Listener listen(Endpoint endpoint, ListenOptions options, AcceptHandler handler) throws IOException {
        ServerSocketChannel channel = NioAddresses.listen(endpoint, options);
        SelectionKey key = channel.register(selector, SelectionKey.OP_ACCEPT);
        NioListener listener = new NioListener(this, channel, key, options, handler);
        key.attach(listener);
        listeners.add(listener);
        return listener;
    }

    @Override
    public Connection adopt(AcceptedSocket socket, ConnectionHandler handler) throws IOException {
        SocketChannel channel = ((NioAcceptedSocket) socket).take();
        try {
            NioConnection connection = new NioConnection(this, handler, false);
            connection.adopt(channel, selector);
            return connection;
        } catch (IOException | RuntimeException e) {
            NioAddresses.closeQuietly(channel);
            throw e;
        }
    }

    @Override
    public Connection connect(Endpoint endpoint, ConnectionHandler handler) {
        NioConnection connection = new NioConnection(this, handler, true);
        connection.connect(endpoint, selector);
        return connection;
    }

    @Override
    public int poll(long timeoutNs, long gatherNs) {
        events = 0;
        clientMemory.startTurn();
        linkMemory.startTurn();
        deliverOutcomes();
        starvedLinks.retry();
        starvedClients.retry();
        ArrayList<NioConnection> leavers = cancelLeaving();
        long waitNs = waitNs(timeoutNs);
        if (waitNs != 0 && gatherNs > 0) {
            LockSupport.parkNanos(gatherNs);
        }
        try {
            if (waitNs == 0) {
                selector.selectNow(onReady);
            } else if (waitNs < 0) {
                selector.select(onReady);
            } else {
                selector.select(onReady, Math.ceilDiv(waitNs, NS_PER_MS));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the selector failed", e);
        }
        for (int i = 0; i < leavers.size(); i++) {
            leavers.get(i).leave(selector);
        }
        leavers.clear();
        return events;
    }

    @Override
    public void wakeUp() {
        selector.wakeup();
    }

    @Override
    public SegmentArena arena() {
        return arena;
    }

    /** Exceptions that handlers have thrown; for the transport's thread. */
    public long handlerFailures() {
        return handlerFailures;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof NioConnection connection) {
                connection.release();
            } else {
                NioAddresses.closeQuietly((ServerSocketChannel) key.channel());
            }
        }
        listeners.clear();
        outcomes.clear();
        leaving.clear();
        starvedClients.clear();
        starvedLinks.clear();
        clientMemory.drop();
        linkMemory.drop();
        try {
            // Descriptors of closed channels are given back when their keys leave the selector.
            selector.selectNow();
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the selector cannot be closed", e);
        }
    }

    NioSettings settings() {
        return settings;
    }

    ReceiveMemory receiveMemory(boolean isLink) {
        return isLink ? linkMemory : clientMemory;
    }

    GatherWriter writer() {
        return writer;
    }

    void countEvent() {
        events++;
    }

    void handlerFailed(RuntimeException error) {
        handlerFailures++;
        settings.errorHandler().onError(error);
    }

    /** The last event of a connection that has left. */
    void deliverDetached(ConnectionHandler handler, NioAcceptedSocket socket) {
        countEvent();
        try {
            handler.onDetached(socket);
        } catch (RuntimeException e) {
            handlerFailed(e);
            socket.close();
        }
    }

    /** The connection has something to tell that must not be told from within the call that caused it. */
    void addOutcome(NioConnection connection) {
        outcomes.add(connection);
    }

    void addStarved(NioConnection connection, boolean isLink) {
        (isLink ? starvedLinks : starvedClients).add(connection);
    }

    /** The connection is about to leave. */
    void addLeaving(NioConnection connection) {
        leaving.add(connection);
    }

    void removeListener(NioListener listener) {
        listeners.remove(listener);
    }

    private void onReady(SelectionKey key) {
        if (key.attachment() instanceof NioConnection connection) {
            connection.onReady(key);
        } else {
            ((NioListener) key.attachment()).onReady();
        }
    }

    private void deliverOutcomes() {
        ArrayList<NioConnection> due = outcomes;
        if (!due.isEmpty()) {
            outcomes = spareOutcomes;
            spareOutcomes = due;
            for (int i = 0; i < due.size(); i++) {
                due.get(i).deliverOutcome();
            }
            due.clear();
        }
    }

    /** Keys of those that leave are cancelled before the selector selects, which is when it forgets them. */
    private ArrayList<NioConnection> cancelLeaving() {
        ArrayList<NioConnection> leavers = leaving;
        leaving = spareLeaving;
        spareLeaving = leavers;
        int kept = 0;
        for (int i = 0; i < leavers.size(); i++) {
            NioConnection connection = leavers.get(i);
            if (connection.cancelKey()) {
                leavers.set(kept++, connection);
            }
        }
        while (leavers.size() > kept) {
            leavers.removeLast();
        }
        return leavers;
    }

    private long waitNs(long timeoutNs) {
        if (events > 0 || !outcomes.isEmpty() || !spareLeaving.isEmpty()) {
            return 0;
        }
        long waitNs = timeoutNs < 0 ? Long.MAX_VALUE : timeoutNs;
        if (!starvedClients.isEmpty() || !starvedLinks.isEmpty()) {
            waitNs = Math.min(waitNs, STARVED_WAIT_NS);
        }
        for (int i = 0; i < listeners.size(); i++) {
            if (listeners.get(i).isPaused()) {
                waitNs = Math.min(waitNs, Math.max(0, listeners.get(i).resumeInNs(System.nanoTime())));
            }
        }
        return waitNs == Long.MAX_VALUE ? -1 : waitNs;
    }
}
