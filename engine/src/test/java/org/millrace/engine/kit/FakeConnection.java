package org.millrace.engine.kit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Endpoint;
import org.millrace.io.Output;
import org.millrace.io.Segment;

/** A connection in memory: the test is its peer and decides what arrives and what leaves, and when. */
public final class FakeConnection implements Connection {
    private static final byte[] FIN = new byte[0];
    /** Received bytes never begin at 0, so that a forgotten offset shows. */
    private static final int LEAD = 3;

    private final FakeTransport transport;
    private final ConnectionHandler handler;
    private final Endpoint endpoint;
    private final Output output;
    private final ArrayDeque<byte[]> inbox = new ArrayDeque<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private boolean connecting;
    private boolean standDue;
    private boolean open;
    private boolean closed;
    private boolean closeTold;
    private CloseCause cause;
    private boolean readPaused;
    private boolean gathering;
    private boolean shutdownDue;
    private boolean flushDue;
    private boolean flushing;
    private boolean detaching;
    private boolean detached;
    private long room = Long.MAX_VALUE;
    private int flushes;

    FakeConnection(FakeTransport transport, ConnectionHandler handler, Endpoint endpoint) {
        this.transport = transport;
        this.handler = handler;
        this.endpoint = endpoint;
        this.output = new Output(transport.arena());
        connecting = endpoint != null;
        open = !connecting;
    }

    // ---- the test's side

    /** These bytes arrive with the next poll, as one piece. */
    public void deliver(byte[] bytes) {
        inbox.add(bytes);
    }

    /** These bytes arrive with the next poll, as one piece. */
    public void deliver(String bytes) {
        deliver(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** These bytes arrive in pieces of so many bytes. */
    public void deliverInPieces(String bytes, int length) {
        for (int at = 0; at < bytes.length(); at += length) {
            deliver(bytes.substring(at, Math.min(bytes.length(), at + length)));
        }
    }

    /** These bytes arrive at once, as a completion that a pause comes too late for. */
    public void deliverLate(String bytes) {
        byte[] piece = bytes.getBytes(StandardCharsets.ISO_8859_1);
        Segment segment = transport.arena().acquire(piece.length + LEAD);
        segment.buffer().putBytes(LEAD, piece);
        handler.onReceived(segment, LEAD, piece.length);
        segment.release();
    }

    /** The peer's FIN arrives behind what was delivered. */
    public void deliverFin() {
        inbox.add(FIN);
    }

    /** The network ends this connection. */
    public void end(CloseCause why) {
        close(why);
    }

    /** The connection that was asked for stands from the next poll on. */
    public void stand() {
        standDue = connecting;
    }

    /** The peer takes so many more bytes and no further ones. */
    public void allow(long bytes) {
        room = bytes;
        flushDue = true;
    }

    /** What the peer has got since the last call. */
    public String take() {
        String text = sent.toString(StandardCharsets.ISO_8859_1);
        sent.reset();
        return text;
    }

    public boolean isConnecting() {
        return connecting && !closed;
    }

    public boolean isOpen() {
        return open && !closed;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Why it was closed; null while it is open. */
    public CloseCause cause() {
        return cause;
    }

    public boolean isReadPaused() {
        return readPaused;
    }

    public boolean isGathering() {
        return gathering;
    }

    /** True once this side has sent FIN. */
    public boolean isOutputShut() {
        return shutdownDue && output.unsentBytes() == 0;
    }

    /** Flushes that had something to send. */
    public int flushes() {
        return flushes;
    }

    /** Pieces that have not been read. */
    public int unread() {
        return inbox.size();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    // ---- the transport's side

    int turn() {
        if (closed) {
            return tellClosed();
        }
        int events = 0;
        if (standDue) {
            standDue = false;
            connecting = false;
            open = true;
            guarded(handler::onConnected);
            flushDue = true;
            events++;
        }
        if (flushDue && open) {
            flushDue = false;
            flush();
        }
        while (open && !closed && !readPaused && !inbox.isEmpty() && read()) {
            // whoever sends stays
            detaching = false;
            events++;
        }
        if (detaching && open && transport.letsGo()) {
            letGo();
            events++;
        }
        return events;
    }

    private void letGo() {
        detaching = false;
        detached = true;
        open = false;
        output.discard();
        guarded(() -> handler.onDetached(new FakeSocket(peer())));
    }

    private int tellClosed() {
        if (closeTold) {
            return 0;
        }
        closeTold = true;
        output.discard();
        guarded(() -> handler.onClosed(cause));
        return 1;
    }

    /** Delivers a piece; false if there is no memory to receive into. */
    private boolean read() {
        byte[] piece = inbox.peek();
        if (piece == FIN) {
            inbox.poll();
            guarded(handler::onPeerClosed);
            return true;
        }
        Segment segment = transport.arena().acquire(piece.length + LEAD);
        if (segment == null) {
            return false;
        }
        inbox.poll();
        segment.buffer().putBytes(LEAD, piece);
        guarded(() -> handler.onReceived(segment, LEAD, piece.length));
        segment.release();
        return true;
    }

    private void guarded(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            transport.failed(e);
            close(CloseCause.OTHER);
        }
    }

    boolean isTold() {
        return closeTold || detached;
    }

    /** True once the transport has let go of it: its socket is somebody else's. */
    public boolean isDetached() {
        return detached;
    }

    // ---- the engine's side

    @Override
    public Output output() {
        return output;
    }

    @Override
    public void flush() {
        if (!open || closed || flushing) {
            return;
        }
        flushing = true;
        flushes += output.unsentBytes() > 0 ? 1 : 0;
        while (!closed && room > 0 && output.unsentBytes() > 0) {
            writeChunk();
            guarded(() -> handler.onWritten(output.writtenPosition()));
        }
        flushing = false;
    }

    private void writeChunk() {
        int length = (int) Math.min(room, output.chunkLength(0));
        byte[] bytes = new byte[length];
        output.chunkSegment(0).buffer().getBytes(output.chunkOffset(0), bytes);
        sent.writeBytes(bytes);
        if (room != Long.MAX_VALUE) {
            room -= length;
        }
        output.advance(length);
    }

    @Override
    public void pauseReads() {
        readPaused = true;
    }

    @Override
    public void resumeReads() {
        readPaused = false;
    }

    @Override
    public void gather(boolean on) {
        gathering = on;
    }

    @Override
    public void shutdownOutput() {
        shutdownDue = true;
        detaching = false;
        flush();
    }

    @Override
    public void close(CloseCause why) {
        if (!closed && !detached) {
            detaching = false;
            closed = true;
            cause = why;
            inbox.clear();
            output.discard();
        }
    }

    @Override
    public boolean detach() {
        boolean may = open && !closed && !shutdownDue;
        detaching |= may;
        return may;
    }

    @Override
    public boolean isDetaching() {
        return detaching;
    }

    @Override
    public String peer() {
        return endpoint == null ? "client" : endpoint.toString();
    }

    @Override
    public String local() {
        return "local";
    }
}
