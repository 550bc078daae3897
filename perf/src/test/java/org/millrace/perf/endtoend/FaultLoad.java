package org.millrace.perf.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.millrace.perf.client.SocketLoop;

/**
 * A steady pipelined load of several clients that judges every reply: some use all servers, the victim among them, the
 * others only those that are well.
 */
final class FaultLoad implements AutoCloseable {
    private static final int MIXED = 4;
    private static final int HEALTHY = 2;
    private static final int KEYS = 3;
    private static final int GOOD = 20;
    private static final long TICK_NS = 1_000_000;

    private final InetSocketAddress target;
    private final LoadCounts counts = new LoadCounts();
    private final SocketLoop loop = SocketLoop.selecting();
    private final List<LoadClient> mixed = new ArrayList<>();
    private final List<LoadClient> healthy = new ArrayList<>();
    private final Thread thread;
    private volatile long epoch;
    private volatile long errorsInEpoch;
    private volatile boolean stopping;
    private volatile boolean ended;

    /**
     * Starts it.
     *
     * @param victim    the server that will fail; the others are all others
     * @param mayVanish whether the victim may lose its data
     */
    FaultLoad(ProxyKit kit, int servers, int victim, boolean mayVanish) throws IOException {
        target = new InetSocketAddress("127.0.0.1", kit.port());
        for (int client = 0; client < MIXED + HEALTHY; client++) {
            List<LoadedKey> keys = new ArrayList<>();
            for (int server = 0; server < servers; server++) {
                boolean onVictim = server == victim;
                for (int i = 0; i < KEYS && !(onVictim && client >= MIXED); i++) {
                    String prefix = "load" + System.identityHashCode(this) + '-' + client + '-';
                    keys.add(new LoadedKey(kit.keyOn(server, prefix, i), server, onVictim, onVictim && mayVanish));
                }
            }
            (client < MIXED ? mixed : healthy).add(new LoadClient(this, client, keys, loop));
        }
        thread = Thread.ofPlatform().daemon().name("fault-load").start(this::run);
    }

    private void run() {
        try {
            mixed.forEach(LoadClient::connect);
            healthy.forEach(LoadClient::connect);
            long nextTickNs = System.nanoTime();
            while (!ended) {
                loop.await(1);
                long nowNs = System.nanoTime();
                if (nowNs - nextTickNs >= 0) {
                    nextTickNs = nowNs + TICK_NS;
                    mixed.forEach(client -> client.tick(nowNs));
                    healthy.forEach(client -> client.tick(nowNs));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            counts.wrong("the load itself failed: " + e);
            throw e;
        }
    }

    InetSocketAddress target() {
        return target;
    }

    LoadCounts counts() {
        return counts;
    }

    boolean isStopping() {
        return stopping;
    }

    /** Requests are told apart by the epoch in which they were sent. */
    long epoch() {
        return epoch;
    }

    void onError(String text, boolean several, long ofEpoch) {
        counts.error(text, several);
        if (ofEpoch == epoch) {
            errorsInEpoch = errorsInEpoch + 1;
        }
    }

    /** Waits until each client that never uses the victim has got so many more good replies. */
    void awaitProgressBesides(int replies) {
        long[] before = healthy.stream().mapToLong(LoadClient::good).toArray();
        for (int i = 0; i < before.length; i++) {
            LoadClient client = healthy.get(i);
            long wanted = before[i] + replies;
            Await.until(this::state, Duration.ofSeconds(20), () -> isBroken() || client.good() >= wanted);
        }
    }

    /** Waits until an error of the victim has come. */
    void awaitError() {
        Await.until(this::state, Duration.ofSeconds(20), () -> isBroken() || counts.errorCount() > 0);
    }

    /** Waits until each client has got good replies of the victim, and no errors, for requests sent from now on. */
    void awaitWhole(Duration limit) {
        nextEpoch();
        Await.until(this::state, limit, () -> {
            if (errorsInEpoch > 0) {
                nextEpoch();
            }
            long now = epoch;
            return isBroken() || mixed.stream().allMatch(client -> client.isServed(now, GOOD));
        });
    }

    private void nextEpoch() {
        errorsInEpoch = 0;
        epoch = epoch + 1;
        errorsInEpoch = 0;
    }

    /** Nothing need be waited for any more. */
    private boolean isBroken() {
        return !counts.wrong().isEmpty();
    }

    /** Sends no more, and waits until everything is answered. */
    void stop(Duration limit) {
        stopping = true;
        loop.wakeup();
        Await.until(this::state, limit, () -> isBroken() || mixed.stream().allMatch(LoadClient::isDone)
            && healthy.stream().allMatch(LoadClient::isDone));
    }

    String state() {
        StringBuilder text = new StringBuilder(counts.toString());
        mixed.forEach(client -> text.append('\n').append(client.state()));
        healthy.forEach(client -> text.append('\n').append(client.state()));
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        if (ended) {
            return;
        }
        ended = true;
        loop.wakeup();
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.close();
    }
}
