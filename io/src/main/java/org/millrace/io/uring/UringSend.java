package org.millrace.io.uring;

import org.millrace.io.Output;
import org.millrace.io.Segment;
import org.millrace.io.uring.Abi.Sqe;

/**
 * The sending half of a connection. A first try takes what fits into the socket's buffer and posts a completion only if
 * that was not all; the rest is sent by a request that waits for room. One is under way at a time.
 */
final class UringSend {
    /** MSG_NOSIGNAL | MSG_WAITALL. */
    private static final int PATIENT_FLAGS = 0x4100;
    /** The same and MSG_DONTWAIT. */
    private static final int QUICK_FLAGS = 0x4140;
    /** So that a send that waits tells of its progress. */
    private static final int MAX_PATIENT_BYTES = 256 << 10;
    private static final int MAX_QUICK_BYTES = 1 << 30;

    /** {@code QUICK}: sent when the kernel has taken the request and said nothing. */
    private enum State { IDLE, QUICK, WAITING }

    private final UringTransport transport;
    private final UringConnection connection;
    private final Output output;
    private State state = State.IDLE;
    private long offered;
    private int position;
    private boolean isDue;
    /** The socket's buffer was full. */
    private boolean isPatient;
    private boolean isCancelled;

    UringSend(UringTransport transport, UringConnection connection) {
        this.transport = transport;
        this.connection = connection;
        this.output = new Output(transport.arena());
    }

    UringConnection connection() {
        return connection;
    }

    Output output() {
        return output;
    }

    boolean isIdle() {
        return state == State.IDLE;
    }

    /** Whether there is nothing to send, and nothing that the kernel still has. */
    boolean isEmpty() {
        return state == State.IDLE && output.unsentBytes() == 0;
    }

    /** Whether the result of a first try is open. */
    boolean isQuick() {
        return state == State.QUICK;
    }

    /** What the output holds is to be sent. */
    void flush() {
        isDue = true;
        if (state == State.IDLE && output.unsentBytes() > 0) {
            transport.addDirty(connection);
        }
    }

    void prepare() {
        if (state != State.IDLE || !isDue) {
            return;
        }
        if (output.unsentBytes() == 0) {
            isDue = false;
            return;
        }
        boolean isSingle = output.chunks() == 1;
        if (!isSingle) {
            transport.ensureMessage();
        }
        Op op = isPatient ? Op.SEND : Op.QUICK_SEND;
        long sqe = transport.sqe(isSingle ? Sqe.OP_SEND : Sqe.OP_SENDMSG, connection.fd(), connection.tag(op));
        if (isSingle) {
            int length = Math.min(output.chunkLength(0), maxBytes());
            Raw.putLong(sqe + Sqe.ADDR, address(0));
            Raw.putInt(sqe + Sqe.LEN, length);
            offered = length;
        } else {
            Raw.putLong(sqe + Sqe.ADDR, gather(transport.messages().take()));
            Raw.putInt(sqe + Sqe.LEN, 1);
        }
        Raw.putInt(sqe + Sqe.OP_FLAGS, isPatient ? PATIENT_FLAGS : QUICK_FLAGS);
        if (isPatient) {
            state = State.WAITING;
            connection.asked();
        } else {
            Raw.putByte(sqe + Sqe.FLAGS, Sqe.CQE_SKIP_SUCCESS);
            state = State.QUICK;
            position = transport.filled();
            transport.addQuick(this);
        }
    }

    /** Asks the kernel to give up what waits. */
    void cancel() {
        if (state == State.WAITING && !isCancelled) {
            isCancelled = true;
            transport.cancel(connection.tag(Op.SEND), connection.tag(Op.CANCEL_SEND));
        }
    }

    /** As {@link UringReceive#onCancelFailed}. */
    void onCancelFailed(int result) {
        if (result == -Errno.ENOENT && state == State.WAITING) {
            isCancelled = false;
            transport.addDirty(connection);
        }
    }

    /** Entries that were filled up to this first try. */
    int position() {
        return position;
    }

    /** The kernel has taken the first try and said nothing: all of it is sent. */
    void settle() {
        state = State.IDLE;
        sent(offered);
    }

    void onQuickResult(int result) {
        state = State.IDLE;
        isPatient = true;
        onResult(result);
    }

    void onPatientResult(int result) {
        state = State.IDLE;
        isPatient = result < offered;
        onResult(result);
    }

    private void onResult(int result) {
        if (result > 0) {
            sent(result);
        } else if (!connection.isOpen()) {
            output.discard();
        } else if (result == 0 || result == -Errno.EAGAIN || result == -Errno.EINTR) {
            transport.addDirty(connection);
        } else {
            connection.close(Errno.cause(-result));
        }
    }

    private void sent(long bytes) {
        if (!connection.isOpen()) {
            output.discard();
            return;
        }
        output.advance(bytes);
        connection.deliverWritten(output.writtenPosition());
        if (output.unsentBytes() > 0 || connection.isShutdownDue()) {
            transport.addDirty(connection);
        } else {
            isPatient = false;
        }
    }

    private long gather(long message) {
        long left = maxBytes();
        int chunks = Math.min(MessagePool.MAX_IOVECS, output.chunks());
        for (int i = 0; i < chunks && left > 0; i++) {
            int length = (int) Math.min(output.chunkLength(i), left);
            MessagePool.add(message, i, address(i), length);
            left -= length;
        }
        offered = maxBytes() - left;
        return message;
    }

    private long address(int chunk) {
        Segment segment = output.chunkSegment(chunk);
        return segment.buffer().addressOffset() + output.chunkOffset(chunk);
    }

    private int maxBytes() {
        return isPatient ? MAX_PATIENT_BYTES : MAX_QUICK_BYTES;
    }
}
