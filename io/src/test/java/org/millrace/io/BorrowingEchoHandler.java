package org.millrace.io;

import java.util.ArrayDeque;

/** Sends back what it receives without copying, gathering. */
public class BorrowingEchoHandler extends Recorder {
    private record Loan(Segment segment, long position) {
    }

    private final ArrayDeque<Loan> loans = new ArrayDeque<>();

    @Override
    public void onReceived(Segment segment, int offset, int length) {
        super.onReceived(segment, offset, length);
        connection().gather(true);
        segment.retain();
        connection().output().appendBorrowed(segment, offset, length);
        loans.add(new Loan(segment, connection().output().appendedPosition()));
        connection().flush();
    }

    @Override
    public void onWritten(long position) {
        super.onWritten(position);
        while (!loans.isEmpty() && loans.peek().position() <= position) {
            loans.poll().segment().release();
        }
    }

    @Override
    public void onPeerClosed() {
        super.onPeerClosed();
        connection().close(CloseCause.PEER_CLOSED);
    }

    @Override
    public void onClosed(CloseCause cause) {
        super.onClosed(cause);
        loans.forEach(loan -> loan.segment().release());
        loans.clear();
    }
}
