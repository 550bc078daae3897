package org.millrace.io.uring;

import java.io.IOException;
import java.net.SocketAddress;
import org.millrace.io.AcceptHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.Listener;
import org.millrace.io.uring.Abi.Sqe;

/** A listening socket. One request accepts for ever; when it fails, accepting rests for a while. */
final class UringListener extends Owner implements Listener {
    private static final long PAUSE_NS = 100_000_000;
    private static final int SOCK_CLOEXEC = 0x80000;

    private final UringTransport transport;
    private final AcceptHandler handler;
    private final Endpoint endpoint;
    private int fd;
    private boolean isClosed;
    private boolean isArmed;
    private boolean isCancelled;
    private boolean isPaused;
    private long resumeAtNs;

    UringListener(UringTransport transport, int fd, Endpoint endpoint, AcceptHandler handler) {
        this.transport = transport;
        this.fd = fd;
        this.endpoint = endpoint;
        this.handler = handler;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    boolean isPaused() {
        return isPaused;
    }

    /** Nanoseconds until this listener may accept again. */
    long resumeInNs(long nowNs) {
        return resumeAtNs - nowNs;
    }

    void resumeIfDue(long nowNs) {
        if (resumeInNs(nowNs) <= 0) {
            isPaused = false;
            transport.addDirty(this);
        }
    }

    @Override
    void prepare() {
        if (isClosed) {
            if (isArmed && !isCancelled) {
                isCancelled = true;
                transport.cancel(tag(Op.ACCEPT));
            }
        } else if (!isArmed && !isPaused) {
            isArmed = true;
            asked();
            long sqe = transport.sqe(Sqe.OP_ACCEPT, fd, tag(Op.ACCEPT));
            Raw.putShort(sqe + Sqe.IOPRIO, Sqe.ACCEPT_MULTISHOT);
            Raw.putInt(sqe + Sqe.OP_FLAGS, SOCK_CLOEXEC);
        }
    }

    @Override
    void onCompletion(Op op, int result, int flags) {
        isArmed = pending() > 0;
        if (isClosed) {
            if (result >= 0) {
                Syscalls.close(result);
            }
            finish();
            return;
        }
        if (result >= 0) {
            accept(result);
        } else if (result != -Errno.ECONNABORTED && result != -Errno.EINTR && result != -Errno.EAGAIN) {
            pause(Errno.text(-result));
        }
        if (!isArmed && !isPaused) {
            transport.addDirty(this);
        }
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            transport.removeListener(this);
            NativeSockets.stopListening(fd);
            transport.addDirty(this);
            finish();
        }
    }

    @Override
    void abandon() {
        isClosed = true;
        isArmed = false;
        finish();
    }

    /** Closes the descriptor when the kernel's request no longer holds the socket. */
    private void finish() {
        if (!isArmed && fd >= 0) {
            Syscalls.close(fd);
            fd = -1;
            transport.forget(this);
        }
    }

    private void accept(int accepted) {
        SocketAddress remote;
        try {
            remote = transport.sockets().remote(accepted);
        } catch (IOException e) {
            // The peer has gone again already.
            Syscalls.close(accepted);
            return;
        }
        UringAcceptedSocket socket = new UringAcceptedSocket(accepted, remote);
        transport.countEvent();
        try {
            handler.onAccepted(socket);
        } catch (RuntimeException e) {
            socket.close();
            transport.handlerFailed(e);
        }
    }

    /** Accepts nothing for a while and says why. */
    private void pause(String reason) {
        isPaused = true;
        resumeAtNs = System.nanoTime() + PAUSE_NS;
        transport.countEvent();
        try {
            handler.onAcceptFailed(reason);
        } catch (RuntimeException e) {
            transport.handlerFailed(e);
        }
    }
}
