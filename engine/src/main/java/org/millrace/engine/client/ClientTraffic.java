package org.millrace.engine.client;

import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.CounterSet;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.engine.traffic.ClientAddress;
import org.millrace.engine.traffic.NameHash;
import org.millrace.engine.traffic.PoolTraffic;
import org.millrace.engine.traffic.RequestKeys;
import org.millrace.engine.traffic.Sample;
import org.millrace.engine.traffic.TrafficRecorder;

/**
 * Looks at some of the requests that go to servers, and at their replies: which keys they are about, who asks, and how
 * large they are. All others pay for a counter that is not yet at zero. Client half's thread.
 */
public final class ClientTraffic {
    /** Keys of one request that are looked at; of more than that it is one of so many. */
    static final int KEYS_PER_REQUEST_MAX = 256;

    private final TrafficRecorder recorder;
    private final ClientPools pools;
    private final CounterSet<ClientHalfCounter> counters;

    ClientTraffic(TrafficRecorder recorder, ClientPools pools, CounterSet<ClientHalfCounter> counters) {
        this.recorder = recorder;
        this.pools = pools;
        this.counters = counters;
    }

    /** Who fills, for the control thread. */
    public TrafficRecorder recorder() {
        return recorder;
    }

    /** Begins a turn: hands over what was asked for. */
    public void beginTurn() {
        recorder.beginTurn();
    }

    /** A request goes on to servers. */
    public void passed(Exchange exchange, RequestSlot slot) {
        if (recorder.isOn()) {
            PoolTraffic pool = pools.traffic(slot.pool);
            if (pool.isDue()) {
                look(pool, exchange, slot);
            } else if (slot.message != null && slot.message.bodyCount() > 0 && slot.plain && pool.begin() > 0) {
                // large ones are few: each is looked at for its size
                follow(pool, exchange, slot, 0);
            }
        }
    }

    private void look(PoolTraffic pool, Exchange exchange, RequestSlot slot) {
        int weight = pool.begin();
        int keys = 0;
        if (weight > 0) {
            if (slot.plain) {
                keys = 1;
                int offset = slot.offset + slot.keyOffset;
                long hash = NameHash.of(slot.buffer, offset, slot.keyLength);
                pool.key(hash, slot.buffer, offset, slot.keyLength, slot.keyLength, weight);
            } else {
                keys = lookAtKeys(pool, slot, weight);
            }
            Client client = exchange.client;
            pool.asks(address(client), weight);
            follow(pool, exchange, slot, weight);
        }
        pool.end(keys);
    }

    /** Counts each key; of very many one of so many, beginning anywhere. Returns how many that were. */
    private static int lookAtKeys(PoolTraffic pool, RequestSlot slot, int weight) {
        RequestKeys keys = pool.requestKeys();
        int count = keys.look(slot);
        int step = (count + KEYS_PER_REQUEST_MAX - 1) / KEYS_PER_REQUEST_MAX;
        int seen = 0;
        for (int key = step > 1 ? pool.below(step) : 0; key < count; key += step) {
            keys.moveTo(key);
            long hash = NameHash.of(keys.buffer(), keys.offset(), keys.shown(), keys.length());
            pool.key(hash, keys.buffer(), keys.offset(), keys.shown(), keys.length(), weight * step);
            seen++;
        }
        keys.end();
        return seen;
    }

    private static ClientAddress address(Client client) {
        if (client.host == null) {
            client.host = ClientAddress.ofPeer(client.address());
        }
        return client.host;
    }

    /** The reply of this request will be looked at. */
    private void follow(PoolTraffic pool, Exchange exchange, RequestSlot slot, int weight) {
        Sample sample = recorder.acquire();
        if (sample == null) {
            counters.increment(ClientHalfCounter.SAMPLES_NOT_FOLLOWED);
            return;
        }
        sample.begin(pool, address(exchange.client), weight,
            slot.message == null ? slot.length : slot.message.length(), slot.command);
        if (slot.plain) {
            int offset = slot.offset + slot.keyOffset;
            sample.key(NameHash.of(slot.buffer, offset, slot.keyLength), slot.buffer, offset,
                slot.keyLength, slot.keyLength);
        }
        exchange.sample = sample;
    }

    /** The reply of an exchange is here, of so many bytes. */
    void replied(Exchange exchange, long bytes) {
        Sample sample = exchange.sample;
        if (sample != null) {
            sample.replied(bytes);
            dropped(exchange);
        }
    }

    /** There will be no reply, or nobody to get it. */
    void dropped(Exchange exchange) {
        if (exchange.sample != null) {
            recorder.release(exchange.sample);
            exchange.sample = null;
        }
    }
}
