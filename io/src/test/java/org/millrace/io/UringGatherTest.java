package org.millrace.io;

/** The io_uring transport with polls that gather events: all of its behaviour, and the wait itself. */
class UringGatherTest extends UringTcpTest implements GatherBehaviour {
    @Override
    public TransportFixture fixture() {
        return this;
    }

    @Override
    protected long gatherNs() {
        return 100_000;
    }
}
