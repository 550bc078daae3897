package org.millrace.engine.client;

/**
 * All exchanges of a lane. An id is {@code generation:28 | lane:8 | index:28}; an id whose generation has passed finds
 * nothing, so a recycled exchange can never receive another's reply.
 */
public final class ExchangePool {
    private static final int INDEX_BITS = 28;
    private static final int LANE_BITS = 8;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
    private static final int GENERATION_MASK = (1 << INDEX_BITS) - 1;

    private final int lane;
    private final int capacityMax;
    private Exchange[] all = new Exchange[0];
    private Exchange free;
    private int inUse;

    /**
     * A pool that grows on demand.
     *
     * @param lane        number of the lane, 0..255
     * @param capacityMax most exchanges at a time
     */
    public ExchangePool(int lane, int capacityMax) {
        this.lane = lane;
        this.capacityMax = Math.min(capacityMax, INDEX_MASK);
    }

    /** A fresh exchange at the end of the client's order, or null if the limit is reached. */
    public Exchange acquire(Client client) {
        if (free == null && !grow()) {
            return null;
        }
        Exchange exchange = free;
        free = exchange.next;
        exchange.next = null;
        exchange.client = client;
        exchange.id = (long) exchange.generation << (INDEX_BITS + LANE_BITS) | (long) lane << INDEX_BITS
            | exchange.index;
        inUse++;
        return exchange;
    }

    private boolean grow() {
        int size = all.length;
        int larger = Math.min(Math.max(256, size * 2), capacityMax);
        if (larger == size) {
            return false;
        }
        Exchange[] grown = java.util.Arrays.copyOf(all, larger);
        for (int i = larger - 1; i >= size; i--) {
            grown[i] = new Exchange(i);
            grown[i].next = free;
            free = grown[i];
        }
        all = grown;
        return true;
    }

    /** The exchange of an id, or null if it has ended. */
    public Exchange find(long id) {
        int index = (int) id & INDEX_MASK;
        Exchange exchange = index < all.length ? all[index] : null;
        return exchange != null && exchange.client != null && exchange.id == id ? exchange : null;
    }

    /** Ends an exchange; what it held must be gone. */
    void release(Exchange exchange) {
        exchange.generation = exchange.generation + 1 & GENERATION_MASK;
        exchange.client = null;
        exchange.ready = false;
        exchange.closeAfter = false;
        exchange.replySegment = null;
        exchange.replyMessage = null;
        exchange.lastPart = null;
        exchange.partBytes = 0;
        exchange.begun = false;
        exchange.repliedTicks = 0;
        exchange.server = null;
        exchange.sentTicks = 0;
        exchange.family = Exchange.NO_FAMILY;
        exchange.next = free;
        free = exchange;
        inUse--;
    }

    /** True if another exchange can be had. */
    public boolean hasRoom() {
        return free != null || all.length < capacityMax;
    }

    public int inUse() {
        return inUse;
    }
}
