package org.millrace.io;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Remembers what happened on a connection and checks that it happened in a lawful order. */
public class Recorder implements ConnectionHandler {
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final List<String> violations = new ArrayList<>();
    private Connection connection;
    private boolean connected;
    private boolean peerClosed;
    private AcceptedSocket detached;
    private CloseCause closeCause;
    private long writtenPosition;
    private int deliveries;

    /** To be told by whoever connects or adopts. */
    public void connection(Connection newConnection) {
        connection = newConnection;
    }

    public Connection connection() {
        return connection;
    }

    @Override
    public void onConnected() {
        check(!connected, "connected twice");
        connected = true;
    }

    @Override
    public void onReceived(Segment segment, int offset, int length) {
        check(length > 0, "received nothing");
        check(!peerClosed, "received after the end");
        deliveries++;
        byte[] bytes = new byte[length];
        segment.buffer().getBytes(offset, bytes);
        received.writeBytes(bytes);
    }

    @Override
    public void onWritten(long position) {
        check(position > writtenPosition, "written position does not grow");
        check(position <= connection.output().appendedPosition(), "written more than appended");
        writtenPosition = position;
    }

    @Override
    public void onPeerClosed() {
        check(!peerClosed, "peer closed twice");
        peerClosed = true;
    }

    @Override
    public void onClosed(CloseCause cause) {
        check(closeCause == null, "closed twice");
        closeCause = cause;
    }

    @Override
    public void onDetached(AcceptedSocket socket) {
        check(!peerClosed, "detached after the end");
        check(connection.output().unsentBytes() == 0, "detached with output");
        detached = socket;
    }

    /** What it has left its transport as; null while it is there. */
    public AcceptedSocket detached() {
        return detached;
    }

    public byte[] received() {
        return received.toByteArray();
    }

    public int receivedLength() {
        return received.size();
    }

    public int deliveries() {
        return deliveries;
    }

    public boolean isConnected() {
        return connected;
    }

    public boolean isPeerClosed() {
        return peerClosed;
    }

    public boolean isClosed() {
        return closeCause != null;
    }

    /** Null while it is not closed. */
    public CloseCause closeCause() {
        return closeCause;
    }

    public long writtenPosition() {
        return writtenPosition;
    }

    public List<String> violations() {
        return violations;
    }

    private void check(boolean lawful, String violation) {
        boolean ended = closeCause != null || detached != null;
        if (!lawful || ended) {
            violations.add(ended ? violation + ", or event after the last" : violation);
        }
    }
}
