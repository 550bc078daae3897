package org.millrace.engine.client;

import java.util.ArrayDeque;

/**
 * Who is not read at the moment, and who comes next. A client stops being read for a reason of its own (its queue, its
 * output, a parked request) and comes back when the last reason is gone; one that only lacked room in the ring or in
 * its share of the turn comes back with the next turn. First come, first served.
 */
final class ReadControl {
    private final ArrayDeque<Client> waiting = new ArrayDeque<>();
    private int paused;

    /** The client is not read until {@link #unblock} takes the reason back. */
    void block(Client client, int reason) {
        client.blocked |= reason;
        hold(client);
    }

    /** A reason is gone. */
    void unblock(Client client, int reason) {
        if ((client.blocked & reason) == 0) {
            return;
        }
        client.blocked &= ~reason;
        if (client.regions.isEmpty()) {
            letRead(client);
        } else {
            queueIfFree(client);
        }
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
        if (client.readsPaused) {
            client.readsPaused = false;
            paused--;
        }
    }

    /** Clients that are not read at the moment. */
    int paused() {
        return paused;
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
