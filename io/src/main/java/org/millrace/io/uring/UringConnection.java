package org.millrace.io.uring;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.Output;
import org.millrace.io.Segment;
import org.millrace.io.SocketAddresses;
import org.millrace.io.uring.Abi.Sqe;

/** One socket. Its descriptor is closed, and its memory given back, when the kernel has answered its last request. */
final class UringConnection extends Owner implements Connection {
    private static final int POLLOUT = 4;

    /** {@code CONNECTED}: the connection stands, but its handler is still to be told. */
    private enum State { CONNECTING, CONNECTED, OPEN, DETACHED, CLOSED }

    private final UringTransport transport;
    private final ConnectionHandler handler;
    private final boolean isLink;
    private final UringSend send;
    private final UringReceive receive;
    private int fd = -1;
    private SocketAddress remote;
    private State state = State.CONNECTING;
    private CloseCause cause;
    private boolean isConnectArmed;
    private boolean isConnectCancelled;
    private boolean isOutcomeDue;
    private boolean isShutdownDue;
    private boolean isShutDown;
    private boolean isFinished;
    private boolean isDetaching;

    UringConnection(UringTransport transport, ConnectionHandler handler, boolean isLink) {
        this.transport = transport;
        this.handler = handler;
        this.isLink = isLink;
        send = new UringSend(transport, this);
        receive = new UringReceive(transport, this);
    }

    void adopt(int accepted, SocketAddress peer) {
        fd = accepted;
        remote = peer;
        state = State.OPEN;
        transport.addDirty(this);
    }

    void connect(Endpoint endpoint) {
        remote = endpoint.address();
        if (remote instanceof InetSocketAddress tcp && tcp.isUnresolved()) {
            close(CloseCause.HOST_DOWN);
            return;
        }
        int error;
        try {
            fd = transport.sockets().openToConnect(remote);
            error = transport.sockets().connect(fd, remote);
        } catch (IOException | RuntimeException e) {
            close(CloseCause.EXHAUSTED);
            return;
        }
        if (error == 0) {
            state = State.CONNECTED;
            addOutcome();
        } else if (error == Errno.EINPROGRESS) {
            transport.addDirty(this);
        } else {
            close(Errno.cause(error));
        }
    }

    @Override
    void prepare() {
        switch (state) {
            case CONNECTING -> armConnect();
            case OPEN -> {
                send.prepare();
                receive.prepare();
                shutDownIfDue();
                detachIfDone();
            }
            case CLOSED -> {
                cancelAll();
                finishIfDone();
            }
            default -> {
            }
        }
    }

    @Override
    void onCompletion(Op op, int result, int flags) {
        switch (op) {
            case RECEIVE -> receive.onResult(result, flags);
            case QUICK_SEND -> send.onQuickResult(result);
            case SEND -> send.onPatientResult(result);
            case CONNECT -> onConnect(result);
            case CANCEL_SEND -> send.onCancelFailed(result);
            case CANCEL_RECEIVE -> receive.onCancelFailed(result);
            default -> throw new IllegalStateException("no such operation of a connection: " + op);
        }
        finishIfDone();
        detachIfDone();
    }

    /** Tells what must not be told from within the call that brought it about. */
    void deliverOutcome() {
        isOutcomeDue = false;
        transport.countEvent();
        if (state == State.CONNECTED) {
            stand();
            return;
        }
        try {
            handler.onClosed(cause);
        } catch (RuntimeException e) {
            transport.handlerFailed(e);
        }
        // Its user could not know of the end before now, and may have appended.
        send.output().discard();
    }

    @Override
    public Output output() {
        return send.output();
    }

    @Override
    public boolean detach() {
        if (state != State.OPEN || isLink || isShutdownDue || !receive.isPlain() || !send.isEmpty()) {
            return false;
        }
        isDetaching = true;
        transport.addDirty(this);
        return true;
    }

    @Override
    public boolean isDetaching() {
        return isDetaching;
    }

    /** Something happens on the connection, which stays; what was cancelled is asked for again. */
    private void stay() {
        if (isDetaching) {
            isDetaching = false;
            transport.addDirty(this);
        }
    }

    @Override
    public void flush() {
        if (send.output().unsentBytes() > 0) {
            stay();
        }
        if (state != State.CLOSED && state != State.DETACHED) {
            send.flush();
        }
    }

    @Override
    public void pauseReads() {
        stay();
        receive.pause();
    }

    @Override
    public void resumeReads() {
        receive.resume();
    }

    @Override
    public void gather(boolean on) {
        if (on) {
            stay();
        }
        receive.gather(on);
    }

    @Override
    public void shutdownOutput() {
        if (state != State.CLOSED && !isShutdownDue) {
            isShutdownDue = true;
            stay();
            send.flush();
            transport.addDirty(this);
        }
    }

    @Override
    public void close(CloseCause closeCause) {
        if (state != State.CLOSED && state != State.DETACHED) {
            state = State.CLOSED;
            isDetaching = false;
            cause = closeCause;
            if (send.isIdle()) {
                send.output().discard();
            }
            transport.addDirty(this);
            finishIfDone();
        }
    }

    @Override
    public String peer() {
        return SocketAddresses.text(remote);
    }

    @Override
    public String local() {
        if (fd >= 0) {
            try {
                return SocketAddresses.text(transport.sockets().local(fd));
            } catch (IOException e) {
                return "unknown";
            }
        }
        return "closed";
    }

    @Override
    void abandon() {
        state = State.CLOSED;
        release();
    }

    int fd() {
        return fd;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether this side has connected. */
    boolean isLink() {
        return isLink;
    }

    boolean isShutdownDue() {
        return isShutdownDue && !isShutDown;
    }

    /** The kernel has taken a first try to send and said nothing. */
    void settle() {
        send.settle();
        finishIfDone();
    }

    UringSend send() {
        return send;
    }

    void deliverWritten(long position) {
        transport.countEvent();
        try {
            handler.onWritten(position);
        } catch (RuntimeException e) {
            handlerFailed(e);
        }
    }

    /** Delivers nothing once closed. */
    void deliverReceived(Segment segment, int offset, int length) {
        if (state != State.OPEN) {
            return;
        }
        transport.countEvent();
        stay();
        // Held for the call: the handler may bring about that its holder gives it up.
        segment.retain();
        try {
            handler.onReceived(segment, offset, length);
        } catch (RuntimeException e) {
            handlerFailed(e);
        } finally {
            segment.release();
        }
    }

    void deliverEnd() {
        stay();
        transport.countEvent();
        try {
            handler.onPeerClosed();
        } catch (RuntimeException e) {
            handlerFailed(e);
        }
    }

    private void armConnect() {
        if (!isConnectArmed) {
            isConnectArmed = true;
            asked();
            long sqe = transport.sqe(Sqe.OP_POLL_ADD, fd, tag(Op.CONNECT));
            Raw.putInt(sqe + Sqe.OP_FLAGS, POLLOUT);
        }
    }

    private void onConnect(int result) {
        isConnectArmed = false;
        if (state == State.CONNECTING) {
            int error = result < 0 ? -result : transport.sockets().takeError(fd);
            if (error == 0) {
                transport.countEvent();
                stand();
            } else {
                close(Errno.cause(error));
            }
        }
    }

    private void stand() {
        state = State.OPEN;
        try {
            handler.onConnected();
        } catch (RuntimeException e) {
            handlerFailed(e);
        }
        if (state == State.OPEN) {
            send.flush();
            transport.addDirty(this);
        }
    }

    private void shutDownIfDue() {
        if (isShutdownDue() && send.isIdle() && send.output().unsentBytes() == 0) {
            isShutDown = true;
            int error = transport.sockets().shutDownOutput(fd);
            if (error != 0) {
                close(Errno.cause(error));
            }
        }
    }

    private void cancelAll() {
        send.cancel();
        receive.cancel();
        if (isConnectArmed && !isConnectCancelled) {
            isConnectCancelled = true;
            transport.cancel(tag(Op.CONNECT));
        }
    }

    private void finishIfDone() {
        if (state == State.CLOSED && !isFinished && pending() == 0 && !send.isQuick()) {
            release();
            addOutcome();
        }
    }

    /** The kernel has confirmed that it receives nothing for this connection any more. */
    private void detachIfDone() {
        if (!isDetaching || pending() > 0) {
            return;
        }
        if (!send.isEmpty()) {
            stay();
            return;
        }
        isDetaching = false;
        state = State.DETACHED;
        receive.release();
        UringAcceptedSocket socket = new UringAcceptedSocket(fd, remote);
        fd = -1;
        transport.forget(this);
        transport.deliverDetached(handler, socket);
    }

    /** Gives back socket and memory, which the kernel no longer knows. */
    private void release() {
        isFinished = true;
        send.output().discard();
        receive.release();
        if (fd >= 0) {
            Syscalls.close(fd);
            fd = -1;
        }
        transport.forget(this);
    }

    /** One that closes before it was told that it stands is told of the close alone. */
    private void addOutcome() {
        if (!isOutcomeDue) {
            isOutcomeDue = true;
            transport.addOutcome(this);
        }
    }

    private void handlerFailed(RuntimeException error) {
        transport.handlerFailed(error);
        close(CloseCause.OTHER);
    }
}
