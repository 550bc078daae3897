package org.millrace.io.uring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
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
 * Sockets by io_uring. The first poll makes the ring, for its thread, which is the only one to poll from then on;
 * before it any one thread may listen, connect and adopt, and after that thread's end any may close. An exception of a
 * handler closes its connection and is counted, and never ends the loop.
 */
public final class UringTransport implements Transport {
    private static final long NS_PER_MS = 1_000_000;
    /** While somebody waits for memory nothing tells when there is some, so it is tried again this often. */
    private static final long STARVED_WAIT_NS = NS_PER_MS;
    /** The rings that were set up to see whether they can be had may still be counted. */
    private static final long PATIENCE_NS = 5000 * NS_PER_MS;

    private final SegmentArena arena;
    private final UringSettings settings;
    private final Syscalls syscalls = new Syscalls();
    private final NativeSockets sockets = new NativeSockets(syscalls);
    private final WakeUp wakeUp;
    private final Owners owners = new Owners();
    private final ArrayList<UringListener> listeners = new ArrayList<>();
    private final ArrayList<UringSend> quick = new ArrayList<>();
    private ArrayList<Owner> dirty = new ArrayList<>();
    private ArrayList<Owner> spareDirty = new ArrayList<>();
    private ArrayList<UringConnection> outcomes = new ArrayList<>();
    private ArrayList<UringConnection> spareOutcomes = new ArrayList<>();
    private ArrayList<UringReceive> ready = new ArrayList<>();
    private ArrayList<UringReceive> spareReady = new ArrayList<>();
    private Kernel kernel;
    private int events;
    private long handlerFailures;
    /** The thread that is within poll. */
    private Thread polling;
    private boolean closed;

    /** As below, with the defaults. */
    public UringTransport(SegmentArena arena) {
        this(arena, UringSettings.defaults());
    }

    /** Needs what {@link UringSupport#probe} checks; what fails shows at the first poll. */
    public UringTransport(SegmentArena arena, UringSettings settings) {
        this.arena = arena;
        this.settings = settings;
        try {
            wakeUp = new WakeUp(this, syscalls);
        } catch (RingException e) {
            throw new UncheckedIOException(e);
        }
        owners.add(wakeUp);
        addDirty(wakeUp);
    }

    @Override
    public Listener listen(Endpoint endpoint, ListenOptions options, AcceptHandler handler) throws IOException {
        ensureOpen();
        int fd = sockets.listen(endpoint, options);
        UringListener listener = new UringListener(this, fd, new Endpoint(sockets.local(fd)), handler);
        owners.add(listener);
        listeners.add(listener);
        addDirty(listener);
        return listener;
    }

    @Override
    public Connection adopt(AcceptedSocket socket, ConnectionHandler handler) throws IOException {
        ensureOpen();
        UringAcceptedSocket accepted = (UringAcceptedSocket) socket;
        int fd = accepted.take();
        UringConnection connection = new UringConnection(this, handler, false);
        owners.add(connection);
        connection.adopt(fd, accepted.remote());
        return connection;
    }

    @Override
    public Connection connect(Endpoint endpoint, ConnectionHandler handler) {
        ensureOpen();
        UringConnection connection = new UringConnection(this, handler, true);
        owners.add(connection);
        connection.connect(endpoint);
        return connection;
    }

    @Override
    public int poll(long timeoutNs, long gatherNs) {
        ensureOpen();
        if (kernel == null) {
            start();
        }
        events = 0;
        polling = Thread.currentThread();
        try {
            turn(timeoutNs, canGather() ? gatherNs : 0);
        } finally {
            polling = null;
        }
        return events;
    }

    @Override
    public boolean canGather() {
        return kernel != null && kernel.ring().canGather();
    }

    @Override
    public void wakeUp() {
        wakeUp.signal();
    }

    @Override
    public SegmentArena arena() {
        return arena;
    }

    /** Exceptions that handlers have thrown; for the transport's thread. */
    public long handlerFailures() {
        return handlerFailures;
    }

    /**
     * Closes from the thread that polls, or from any other when that one has ended.
     *
     * @throws IllegalStateException if the kernel does not let go of memory, which is not given back then; or if called
     *                               from within poll
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (polling == Thread.currentThread()) {
            throw new IllegalStateException("a handler cannot close its transport");
        }
        closed = true;
        boolean isFree = kernel == null || kernel.quiesce(owners);
        for (int slot = 0; slot < owners.end() && isFree; slot++) {
            if (owners.at(slot) != null) {
                owners.at(slot).abandon();
            }
        }
        if (!isFree) {
            throw new IllegalStateException("the kernel still holds memory of this transport");
        }
        if (kernel != null) {
            kernel.close();
        }
    }

    /** For tests: null before the first poll. */
    BufferGroup buffers(boolean ofLinks) {
        return ofLinks ? kernel.links() : kernel.clients();
    }

    /** For tests: completions so far. */
    int completed() {
        return kernel.ring().completed();
    }

    NativeSockets sockets() {
        return sockets;
    }

    MessagePool messages() {
        return kernel.messages();
    }

    ReceiveMemory newGatherMemory(boolean isLink) {
        return ReceiveMemory.gathering(arena, isLink, settings.gatherSegmentBytes(), settings.maxGatherBytes(),
            Mapping.PAGE_BYTES);
    }

    void countEvent() {
        events++;
    }

    void handlerFailed(RuntimeException error) {
        handlerFailures++;
        settings.errorHandler().onError(error);
    }

    /** The last event of a connection that has left. */
    void deliverDetached(ConnectionHandler handler, UringAcceptedSocket socket) {
        countEvent();
        try {
            handler.onDetached(socket);
        } catch (RuntimeException e) {
            handlerFailed(e);
            socket.close();
        }
    }

    /** The owner asks the kernel for something before the next enter call. */
    void addDirty(Owner owner) {
        if (owner.makeDirty()) {
            dirty.add(owner);
        }
    }

    /** The connection has something to tell that must not be told from within the call that caused it. */
    void addOutcome(UringConnection connection) {
        outcomes.add(connection);
    }

    /** There are bytes that came before a pause, which has ended. */
    void addReady(UringReceive receive) {
        ready.add(receive);
    }

    /** It is sent unless the kernel says otherwise within the enter call. */
    void addQuick(UringSend send) {
        quick.add(send);
    }

    void removeListener(UringListener listener) {
        listeners.remove(listener);
    }

    /** The last completion of an owner has come. */
    void forget(Owner owner) {
        owners.remove(owner);
    }

    /** An entry of the submission ring to fill further, valid until the next is asked for. */
    long sqe(byte opcode, int fd, long tag) {
        return kernel.sqe(opcode, fd, tag);
    }

    /** Asks for the end of a request of a kind that the kernel always finds; its completion tells. */
    void cancel(long tag) {
        kernel.cancel(tag, 0);
    }

    /** The same for a kind that it may miss, as {@link UringReceive#onCancelFailed} says; it tells by a failure. */
    void cancel(long tag, long failureTag) {
        kernel.cancel(tag, failureTag);
    }

    /** Makes sure that a message can be taken. */
    void ensureMessage() {
        kernel.ensureMessage();
    }

    /** Entries filled so far. */
    int filled() {
        return kernel.ring().filled();
    }

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("the transport is closed");
        }
    }

    private void start() {
        try {
            kernel = Kernel.open(syscalls, arena, settings, PATIENCE_NS);
        } catch (RingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void turn(long timeoutNs, long gatherNs) {
        deliverOutcomes();
        kernel.refill();
        resumeListeners();
        prepare();
        long waitNs = waitNs(timeoutNs);
        if (waitNs == 0 || gatherNs == 0) {
            kernel.enter(quick.isEmpty() ? waitNs : 0, 0);
        } else {
            // Sends that the kernel says nothing of are done; whoever waits for their end does so no longer than this.
            kernel.enter(quick.isEmpty() ? Math.max(waitNs, gatherNs) : gatherNs, gatherNs);
        }
        Completions completions = kernel.completions();
        dispatch(completions, true);
        settleQuick();
        dispatch(completions, false);
        deliverReady();
        kernel.endTurn();
    }

    private void deliverOutcomes() {
        ArrayList<UringConnection> due = outcomes;
        outcomes = spareOutcomes;
        spareOutcomes = due;
        for (int i = 0; i < due.size(); i++) {
            due.get(i).deliverOutcome();
        }
        due.clear();
    }

    /** However busy the others are. */
    private void resumeListeners() {
        for (int i = 0; i < listeners.size(); i++) {
            if (listeners.get(i).isPaused()) {
                listeners.get(i).resumeIfDue(System.nanoTime());
            }
        }
    }

    private void prepare() {
        ArrayList<Owner> due = dirty;
        dirty = spareDirty;
        spareDirty = due;
        for (int i = 0; i < due.size(); i++) {
            Owner owner = due.get(i);
            owner.clean();
            owner.prepare();
        }
        due.clear();
    }

    private void dispatch(Completions completions, boolean sends) {
        for (int i = 0; i < completions.size(); i++) {
            Op op = Op.of(completions.userData(i));
            if (op != Op.IGNORED && op.isSend() == sends) {
                Owner owner = owners.of(completions.take(i));
                if (owner == null) {
                    // What was to be cancelled has ended by itself, and its owner with it.
                    continue;
                }
                int flags = completions.flags(i);
                if (op.isAlwaysAnswered() && (flags & Abi.Cqe.F_MORE) == 0) {
                    owner.answered();
                }
                owner.onCompletion(op, completions.result(i), flags);
            }
        }
    }

    /** What the kernel has taken and said nothing of is sent. */
    private void settleQuick() {
        int kept = 0;
        for (int i = 0; i < quick.size(); i++) {
            UringSend send = quick.get(i);
            if (send.isQuick()) {
                if (kernel.ring().isTaken(send.position())) {
                    send.connection().settle();
                } else {
                    quick.set(kept++, send);
                }
            }
        }
        while (quick.size() > kept) {
            quick.removeLast();
        }
    }

    private void deliverReady() {
        ArrayList<UringReceive> due = ready;
        ready = spareReady;
        spareReady = due;
        for (int i = 0; i < due.size(); i++) {
            due.get(i).deliverStash();
        }
        due.clear();
    }

    private long waitNs(long timeoutNs) {
        boolean isBusy = events > 0 || !outcomes.isEmpty() || !ready.isEmpty() || !dirty.isEmpty();
        // What had to be submitted early may have completed already, and nothing else may ever happen.
        if (isBusy || kernel.completions().size() > 0) {
            return 0;
        }
        long waitNs = timeoutNs < 0 ? Long.MAX_VALUE : timeoutNs;
        if (kernel.isShort()) {
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
