package org.millrace.engine.client;

import java.util.function.Function;
import org.millrace.codec.FrameLimits;
import org.millrace.conf.LimitsConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.latency.Recorder;
import org.millrace.engine.message.Account;
import org.millrace.engine.message.MessagePool;
import org.millrace.engine.message.Residents;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.ring.RequestPort;
import org.millrace.engine.ring.Rings;
import org.millrace.engine.ring.StageFaults;
import org.millrace.engine.slow.SlowRequests;
import org.millrace.engine.topology.Snapshot;
import org.millrace.engine.traffic.TrafficRecorder;
import org.millrace.io.Transport;

/** What the stages of one client half share: all of it belongs to that half's thread, counters can be read by any. */
public final class ClientHalfState {
    private final int lane;
    private final Transport transport;
    private final LimitsConfig limits;
    private final FrameLimits frameLimits;
    private final ClientPools pools;
    private final ExchangePool exchanges;
    private final MessagePool messages;
    private final RequestPort requests;
    private final Residents residents = new Residents();
    private final Recorder recorder;
    private final SlowRequests slow;
    private final ClientLatency latency;
    private final ClientTraffic traffic;
    private final ReplyOrder order;
    private final ClientReceive receive;
    private final TurnTime time;
    private final ClientLife life;
    private final ClientTaps taps;
    private final CounterSet<ClientHalfCounter> counters = new CounterSet<>(ClientHalfCounter.class);
    private final int clientsMax;
    private final StageFaults faults;
    private Travels travels = new Travels();

    /**
     * The state of a fresh half.
     *
     * @param lane        number of the lane
     * @param transport   where its clients' sockets are
     * @param frameLimits caps of requests; its body threshold is also the copy threshold
     * @param snapshot    pools and servers at first
     * @param protocols   what a pool's clients speak
     * @param poolAccounts of all lanes, for the limits of pools
     * @param outside     told of exceptions, once they are counted
     * @param clientsMax  most clients; one more is refused
     * @param exchangesMax most requests outstanding of all clients together; at it no client is read on
     * @param recorder    of this half's histograms
     * @param samples     of its clients' traffic
     * @param slow        takes note of slow requests
     */
    public ClientHalfState(int lane, Transport transport, Rings rings, LimitsConfig limits, FrameLimits frameLimits,
        Snapshot snapshot, Function<PoolConfig, Protocol> protocols, PoolAccounts poolAccounts, StageFaults outside,
        int clientsMax, int exchangesMax, Recorder recorder, TrafficRecorder samples, SlowRequests slow) {
        this.lane = lane;
        this.transport = transport;
        this.limits = limits;
        this.frameLimits = frameLimits;
        this.clientsMax = clientsMax;
        faults = (place, fault) -> {
            counters.increment(ClientHalfCounter.FAULTS);
            outside.onFault(place, fault);
        };
        exchanges = new ExchangePool(lane, exchangesMax);
        messages = new MessagePool(transport.arena(), frameLimits.bodyThreshold());
        requests = new RequestPort(rings.requests());
        this.recorder = recorder;
        pools = new ClientPools(poolAccounts, snapshot, protocols, recorder, samples, frameLimits.bodyThreshold());
        this.slow = slow;
        latency = new ClientLatency(recorder, pools, new SlowNotes(slow, counters));
        traffic = new ClientTraffic(samples, pools, counters);
        order = new ReplyOrder(exchanges, transport.arena(), requests, messages, frameLimits.bodyThreshold(), latency,
            traffic);
        time = new TurnTime();
        ReadControl reads = new ReadControl();
        life = new ClientLife(this, reads);
        receive = new ClientReceive(this, reads, life);
        taps = new ClientTaps(this);
    }

    public int lane() {
        return lane;
    }

    /** Of its turns. */
    public TurnTime time() {
        return time;
    }

    /** Clients between lanes, of all lanes; before the first turn. */
    public void travels(Travels ofAll) {
        travels = ofAll;
    }

    /** Clients between lanes. Any thread. */
    public Travels travels() {
        return travels;
    }

    public Transport transport() {
        return transport;
    }

    public LimitsConfig limits() {
        return limits;
    }

    public FrameLimits frameLimits() {
        return frameLimits;
    }

    /** Takes over another snapshot; clients of pools that are gone are closed when they have what they wait for. */
    public void take(Snapshot snapshot) {
        pools.take(snapshot);
        life.take();
        taps.take();
    }

    /** Pools and servers at the moment. Any thread. */
    public Snapshot snapshot() {
        return pools.snapshot();
    }

    /** One more than the greatest index of a pool there has been. */
    int poolIndexes() {
        return pools.indexes();
    }

    /** True if the pool has left the snapshot. */
    boolean isGone(int pool) {
        return pools.isGone(pool);
    }

    /** Most clients of this lane. */
    int clientsMax() {
        return clientsMax;
    }

    /** What the file says of a pool by now, by its index; null if no pool has had it. */
    public PoolConfig pool(int pool) {
        return pools.config(pool);
    }

    /** What the clients of a pool speak. */
    public Protocol protocol(int pool) {
        return pools.protocol(pool);
    }

    public ExchangePool exchanges() {
        return exchanges;
    }

    /** Memory held for the clients of a pool on all lanes. */
    long poolBytes(int pool) {
        return pools.bytes(pool);
    }

    /** Memory held for the clients of a pool on this lane. Any thread may read it. */
    public Account account(int pool) {
        return pools.account(pool);
    }

    public MessagePool messages() {
        return messages;
    }

    public RequestPort requests() {
        return requests;
    }

    public Residents residents() {
        return residents;
    }

    /** The histograms of this half. */
    public Recorder recorder() {
        return recorder;
    }

    /** The slow requests of this lane. */
    public SlowRequests slow() {
        return slow;
    }

    /** Stamps requests and replies. */
    public ClientLatency latency() {
        return latency;
    }

    /** Looks at some requests and their replies. */
    public ClientTraffic traffic() {
        return traffic;
    }

    public ReplyOrder order() {
        return order;
    }

    public ClientReceive receive() {
        return receive;
    }

    public ClientLife life() {
        return life;
    }

    /** Which clients are captured. */
    public ClientTaps taps() {
        return taps;
    }

    public CounterSet<ClientHalfCounter> counters() {
        return counters;
    }

    /** Counts an exception and tells it outside. */
    public StageFaults faults() {
        return faults;
    }

    /** What is counted for a pool. Any thread may read it. */
    public CounterSet<PoolCounter> poolCounters(int pool) {
        return pools.counters(pool);
    }
}
