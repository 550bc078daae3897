package org.millrace.perf.client;

import java.util.Arrays;

/**
 * One connection to a server of some protocol that never blocks: requests are appended to {@link #out()} and go out
 * with {@link #flush()}, whole replies come to the {@link ReplyHandler}. Owned by the thread of its {@link SocketLoop}.
 */
public abstract class FramedSocket {
    private static final int INITIAL_IN = 16 * 1024;

    private final ReplyHandler handler;
    private final Framing framing;
    private final RequestWriter out = new RequestWriter();
    private byte[] in = new byte[INITIAL_IN];
    private int inFrom;
    private int inTo;
    private int neededTo;
    private boolean live;
    private boolean open;
    private long bytesRead;
    private long bytesWritten;

    FramedSocket(ReplyHandler handler, Framing framing) {
        this.handler = handler;
        this.framing = framing;
    }

    /** Begins to connect; the handler hears of the outcome. */
    public final void connect() {
        out.clear();
        inFrom = 0;
        inTo = 0;
        neededTo = 0;
        live = true;
        begin();
    }

    /** Where requests go; nothing leaves before {@link #flush()}. */
    public final RequestWriter out() {
        return out;
    }

    /** Whether requests can be sent now. */
    public final boolean isOpen() {
        return open;
    }

    /** Bytes received in all connections of this socket. */
    public final long bytesRead() {
        return bytesRead;
    }

    /** Bytes sent in all connections of this socket. */
    public final long bytesWritten() {
        return bytesWritten;
    }

    /** Sends what is there; what the kernel does not take now goes out when it can. */
    public final void flush() {
        flush(Integer.MAX_VALUE);
    }

    /** Sends at most {@code limit} bytes now; the rest goes out in the next turn, so a request may arrive in pieces. */
    public final void flush(int limit) {
        if (open && out.size() > 0) {
            send(limit);
        }
    }

    /** Closes; the handler hears {@code why}. No effect on a closed socket. */
    public final void close(String why) {
        if (live) {
            quietlyClose();
            handler.onClosed(why);
        }
    }

    /** Closes without telling the handler. */
    public final void quietlyClose() {
        open = false;
        if (live) {
            live = false;
            end();
        }
    }

    /** Begins to connect; {@link #opened} follows, or {@link #close}. */
    abstract void begin();

    /** Sends some of {@link #out()}, which is not empty, and the rest when that can be. */
    abstract void send(int limit);

    /** Lets go of the connection. */
    abstract void end();

    /** The connection stands. */
    final void opened() {
        open = true;
        handler.onConnected();
    }

    /** False once it is closed. */
    final boolean isLive() {
        return live;
    }

    /** So many bytes have gone to the system. */
    final void written(long count) {
        bytesWritten += count;
        if (count > 0) {
            handler.onWritten();
        }
    }

    /** Room for so many bytes at least, from {@link #at()} on. */
    final byte[] room(int count) {
        int needed = Math.max(neededTo, inTo + count) - inFrom;
        if (inFrom + needed > in.length) {
            if (needed <= in.length) {
                System.arraycopy(in, inFrom, in, 0, inTo - inFrom);
            } else {
                in = Arrays.copyOfRange(in, inFrom, inFrom + Math.max(in.length * 2, needed + INITIAL_IN));
            }
            inTo -= inFrom;
            neededTo = Math.max(0, neededTo - inFrom);
            inFrom = 0;
        }
        return in;
    }

    /** Where in {@link #room} the next byte goes. */
    final int at() {
        return inTo;
    }

    /** So many bytes were read to where there was room. */
    final void read(int count) {
        bytesRead += count;
        inTo += count;
    }

    /** Hands over the whole replies; false when the connection was closed on the way. */
    final boolean deliver() {
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
            if (!live) {
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
        return live;
    }
}
