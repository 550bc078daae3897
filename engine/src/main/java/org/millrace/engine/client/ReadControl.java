package org.millrace.engine.client;

import java.util.ArrayDeque;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.CounterSet;

/**
 * Who is not read at the moment, and who comes next. A client stops being read for a reason of its own (its queue, its
 * output, a parked request) and comes back when the last reason is gone; one that only lacked room in the ring or in
 * its share of the turn comes back with the next turn. First come, first served.
 */
final class ReadControl {
    /** By the bit of each reason, the gauge of those that are not read for it. */
    private static final ClientHalfCounter[] GAUGES = {ClientHalfCounter.NOT_READ_BY_PARKED,
        ClientHalfCounter.NOT_READ_BY_QUEUE, ClientHalfCounter.NOT_READ_BY_OUTPUT, null, null,
        ClientHalfCounter.NOT_READ_BY_BYTES, ClientHalfCounter.NOT_READ_BY_EXPECTED,
        ClientHalfCounter.NOT_READ_BY_POOL, ClientHalfCounter.NOT_READ_BY_MEMORY,
        ClientHalfCounter.NOT_READ_BY_RESERVATION};

    private final ArrayDeque<Client> waiting = new ArrayDeque<>();
    private final int[] blocked = new int[GAUGES.length];
    private int paused;

    /** The client is not read until {@link #unblock} takes the reason back. */
    void block(Client client, int reason) {
        if ((client.blocked & reason) == 0) {
            client.blocked |= reason;
            blocked[Integer.numberOfTrailingZeros(reason)]++;
        }
        hold(client);
    }

    /** A reason is gone. */
    void unblock(Client client, int reason) {
        if (!clear(client, reason)) {
            return;
        }
        if (client.regions.isEmpty()) {
            letRead(client);
        } else {
            queueIfFree(client);
        }
    }

    /** Takes a reason back from a client that is not to be read on; false if it had not that one. */
    boolean clear(Client client, int reason) {
        if ((client.blocked & reason) == 0) {
            return false;
        }
        client.blocked &= ~reason;
        blocked[Integer.numberOfTrailingZeros(reason)]--;
        return true;
    }

    /** Bytes of this client must wait: it is not read until they are framed. */
    void hold(Client client) {
        if (!client.readsPaused) {
            client.readsPaused = true;
            paused++;
            client.connection.pauseReads();
        }
        if (!client.regions.isEmpty()) {
            queueIfFree(client);
        }
    }

    private void queueIfFree(Client client) {
        if (!client.queued && (client.blocked & Client.NO_FRAMING) == 0) {
            client.queued = true;
            waiting.add(client);
        }
    }

    /** Nothing of the client waits any more. */
    void letRead(Client client) {
        if (client.readsPaused && client.blocked == 0) {
            client.readsPaused = false;
            paused--;
            client.connection.resumeReads();
        }
    }

    /** A client that is gone, or read only to be dropped, is none of those that wait. */
    void forget(Client client) {
        for (int i = 0; i < GAUGES.length; i++) {
            if (1 << i != Client.FINISHING) {
                clear(client, 1 << i);
            }
        }
        if (client.readsPaused) {
            client.readsPaused = false;
            paused--;
        }
    }

    /** Clients that are not read for this reason, or for others beside it. */
    int blocked(int reason) {
        return blocked[Integer.numberOfTrailingZeros(reason)];
    }

    /** Clients that are not read at the moment. */
    int paused() {
        return paused;
    }

    /** Brings the gauges up to date: who is not read at the moment, for whatever reason and for each. */
    void report(CounterSet<ClientHalfCounter> counters) {
        counters.set(ClientHalfCounter.NOT_READ, paused);
        for (int i = 0; i < GAUGES.length; i++) {
            if (GAUGES[i] != null) {
                counters.set(GAUGES[i], blocked[i]);
            }
        }
    }

    /** Clients that wait for the next turn. */
    int waitingCount() {
        return waiting.size();
    }

    /** The one that has waited longest. */
    Client poll() {
        Client client = waiting.poll();
        if (client != null) {
            client.queued = false;
        }
        return client;
    }
}
