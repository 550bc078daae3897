package org.millrace.io.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.millrace.io.Endpoint;

/** What the {@link SimTransport}s of a run share: virtual time, chance, and who listens where. One thread. */
public final class SimNetwork {
    private static final int FIRST_PORT = 20_000;
    private static final int WINDOW_BYTES = 64 << 10;

    private final long seed;
    private final Random random;
    private final ArrayList<SimTransport> transports = new ArrayList<>();
    private final ArrayList<SimListener> listeners = new ArrayList<>();
    private final Set<Endpoint> refused = new HashSet<>();
    private SimFaults faults;
    private long nowNs;
    private long sequence;
    private int nextPort = FIRST_PORT;
    private int leastWindowBytes = WINDOW_BYTES;
    private int mostWindowBytes = WINDOW_BYTES;

    public SimNetwork(long seed) {
        this(seed, SimFaults.none());
    }

    public SimNetwork(long seed, SimFaults faults) {
        this.seed = seed;
        this.random = new Random(seed);
        this.faults = faults;
    }

    public long seed() {
        return seed;
    }

    /** Virtual time; begins at 0. */
    public long nowNs() {
        return nowNs;
    }

    /** Lets virtual time pass; what falls due is delivered by the transports' next polls. */
    public void advance(long ns) {
        nowNs += ns;
    }

    /** When the next event falls due; {@link Long#MAX_VALUE} if nothing is under way. */
    public long nextDueNs() {
        long next = Long.MAX_VALUE;
        for (SimTransport transport : transports) {
            next = Math.min(next, transport.nextDueNs());
        }
        return next;
    }

    /** Faults from now on. */
    public void faults(SimFaults newFaults) {
        faults = newFaults;
    }

    /**
     * What connections made from now on hold, in each direction, of bytes that were sent and not read: as much as a
     * sender's and a receiver's socket buffers together. Drawn for each direction; 64 KiB if this is never called.
     */
    public void windows(int leastBytes, int mostBytes) {
        if (leastBytes < 1 || mostBytes < leastBytes) {
            throw new IllegalArgumentException("windows of " + leastBytes + " to " + mostBytes + " bytes");
        }
        leastWindowBytes = leastBytes;
        mostWindowBytes = mostBytes;
    }

    /** Whether connects to an endpoint are refused although it listens. */
    public void refuse(Endpoint endpoint, boolean on) {
        if (on) {
            refused.add(endpoint);
        } else {
            refused.remove(endpoint);
        }
    }

    @Override
    public String toString() {
        return "SimNetwork{seed=" + seed + ", nowNs=" + nowNs + ", " + faults + '}';
    }

    SimFaults faults() {
        return faults;
    }

    boolean draw(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** From 1 to most. */
    int part(int most) {
        return 1 + random.nextInt(most);
    }

    /** Of one direction of a new connection. */
    int windowBytes() {
        return leastWindowBytes == mostWindowBytes ? leastWindowBytes
            : leastWindowBytes + random.nextInt(mostWindowBytes - leastWindowBytes + 1);
    }

    long delayNs() {
        return draw(faults.delayed()) ? (long) (random.nextDouble() * faults.maxDelayNs()) : 0;
    }

    long nextSequence() {
        return sequence++;
    }

    void add(SimTransport transport) {
        transports.add(transport);
    }

    void remove(SimTransport transport) {
        transports.remove(transport);
        listeners.removeIf(listener -> listener.transport == transport);
    }

    void remove(SimListener listener) {
        listeners.remove(listener);
    }

    Endpoint bind(Endpoint endpoint, boolean reusePort) throws IOException {
        if (!endpoint.isUnix() && endpoint.port() == 0) {
            InetSocketAddress address = (InetSocketAddress) endpoint.address();
            return new Endpoint(new InetSocketAddress(address.getAddress(), nextPort++));
        }
        if (!reusePort && listener(endpoint) != null) {
            throw new IOException("listen on " + endpoint + ": Address already in use");
        }
        return endpoint;
    }

    void add(SimListener listener) {
        listeners.add(listener);
    }

    /** Who takes a new connection to an endpoint; one of several at random; null if nobody. */
    SimListener listener(Endpoint endpoint) {
        if (refused.contains(endpoint)) {
            return null;
        }
        SimListener chosen = null;
        int found = 0;
        for (SimListener listener : listeners) {
            if (matches(listener.endpoint(), endpoint) && random.nextInt(++found) == 0) {
                chosen = listener;
            }
        }
        return chosen;
    }

    private static boolean matches(Endpoint bound, Endpoint wanted) {
        return bound.equals(wanted) || bound.address() instanceof InetSocketAddress address
            && address.getAddress().isAnyLocalAddress() && bound.port() == wanted.port();
    }
}
