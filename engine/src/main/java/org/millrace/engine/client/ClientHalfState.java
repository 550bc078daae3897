package org.millrace.engine.client;

import java.util.List;
import org.millrace.codec.FrameLimits;
import org.millrace.conf.LimitsConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.message.Account;
import org.millrace.engine.message.MessagePool;
import org.millrace.engine.message.Residents;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.ring.RequestPort;
import org.millrace.engine.ring.Rings;
import org.millrace.engine.ring.StageFaults;
import org.millrace.io.Transport;

/** What the stages of one client half share: all of it belongs to that half's thread, counters can be read by any. */
public final class ClientHalfState {
    private final int lane;
    private final Transport transport;
    private final LimitsConfig limits;
    private final FrameLimits frameLimits;
    private final List<PoolConfig> pools;
    private final List<Protocol> protocols;
    private final ExchangePool exchanges;
    private final MessagePool messages;
    private final RequestPort requests;
    private final Residents residents = new Residents();
    private final ReplyOrder order;
    private final ClientReceive receive;
    private final ClientLife life;
    private final CounterSet<ClientHalfCounter> counters = new CounterSet<>(ClientHalfCounter.class);
    private final List<CounterSet<PoolCounter>> poolCounters;
    private final PoolAccounts poolAccounts;
    private final List<Account> accounts;
    private final int clientsMax;
    private final StageFaults faults;

    /**
     * The state of a fresh half.
     *
     * @param lane        number of the lane
     * @param transport   where its clients' sockets are
     * @param frameLimits caps of requests; its body threshold is also the copy threshold
     * @param protocols   of the pools
     * @param poolAccounts of all lanes, for the limits of pools
     * @param outside     told of exceptions, once they are counted
     * @param clientsMax  most clients; one more is refused
     * @param exchangesMax most requests outstanding of all clients together; at it no client is read on
     */
    public ClientHalfState(int lane, Transport transport, Rings rings, LimitsConfig limits, FrameLimits frameLimits,
        List<PoolConfig> pools, List<Protocol> protocols, PoolAccounts poolAccounts, StageFaults outside,
        int clientsMax, int exchangesMax) {
        this.lane = lane;
        this.transport = transport;
        this.limits = limits;
        this.frameLimits = frameLimits;
        this.pools = pools;
        this.protocols = protocols;
        this.clientsMax = clientsMax;
        faults = (place, fault) -> {
            counters.increment(ClientHalfCounter.FAULTS);
            outside.onFault(place, fault);
        };
        exchanges = new ExchangePool(lane, exchangesMax);
        messages = new MessagePool(transport.arena(), frameLimits.bodyThreshold());
        requests = new RequestPort(rings.requests());
        this.poolAccounts = poolAccounts;
        accounts = poolAccounts.newLane();
        poolCounters = pools.stream().map(pool -> new CounterSet<>(PoolCounter.class)).toList();
        order = new ReplyOrder(exchanges, transport.arena(), requests, messages, frameLimits.bodyThreshold());
        ReadControl reads = new ReadControl();
        life = new ClientLife(this, reads);
        receive = new ClientReceive(this, reads, life);
    }

    public int lane() {
        return lane;
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

    int pools() {
        return pools.size();
    }

    /** Most clients of this lane. */
    int clientsMax() {
        return clientsMax;
    }

    public PoolConfig pool(int pool) {
        return pools.get(pool);
    }

    /** What the clients of a pool speak. */
    public Protocol protocol(int pool) {
        return protocols.get(pool);
    }

    public ExchangePool exchanges() {
        return exchanges;
    }

    /** Memory held for the clients of a pool on all lanes. */
    long poolBytes(int pool) {
        return poolAccounts.bytes(pool);
    }

    /** Memory held for the clients of a pool on this lane. Any thread may read it. */
    public Account account(int pool) {
        return accounts.get(pool);
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

    public ReplyOrder order() {
        return order;
    }

    public ClientReceive receive() {
        return receive;
    }

    public ClientLife life() {
        return life;
    }

    public CounterSet<ClientHalfCounter> counters() {
        return counters;
    }

    /** Counts an exception and tells it outside. */
    public StageFaults faults() {
        return faults;
    }

    public CounterSet<PoolCounter> poolCounters(int pool) {
        return poolCounters.get(pool);
    }
}
