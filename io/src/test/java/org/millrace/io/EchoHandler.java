package org.millrace.io;

/** Sends back what it receives, by copying; answers a FIN with a FIN. */
public class EchoHandler extends Recorder {
    @Override
    public void onReceived(Segment segment, int offset, int length) {
        super.onReceived(segment, offset, length);
        connection().output().append(segment.buffer(), offset, length);
        connection().flush();
    }

    @Override
    public void onPeerClosed() {
        super.onPeerClosed();
        connection().shutdownOutput();
    }
}
