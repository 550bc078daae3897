package org.millrace.io;

/** The selector transport with polls that gather events: all of its behaviour, and the wait itself. */
class NioGatherTest extends NioTcpTransportTest implements GatherBehaviour {
    @Override
    public TransportFixture fixture() {
        return this;
    }

    @Override
    protected long gatherNs() {
        return 100_000;
    }
}
