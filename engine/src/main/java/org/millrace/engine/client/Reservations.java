package org.millrace.engine.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.io.SegmentArena;

/**
 * Memory set aside for large requests while they arrive: a client whose request needs more than 64 KiB is read on only
 * when all that it has announced fits beside what is in use and what is set aside for others. Those that do not fit
 * wait in the order of coming.
 *
 * <p>The one that has held longest gets whatever more it announces (a request may have many values): so it can always
 * finish, and after it the next. What is granted is leased to the arena beforehand, so that two lanes never grant the
 * same bytes; what does not fit in all that the arena holds even the oldest waits for, until other lanes have given it
 * back. One that does not bring {@value #LEAST_BYTES} bytes, or the rest, within {@code gather_timeout} although it is
 * read is closed. So two clients that each send half of a value and wait can block neither each other nor a third for
 * longer than that. Client half's thread.
 */
final class Reservations {
    /** Smaller requests need none, and so many bytes must come in each {@code gather_timeout}. */
    static final int LEAST_BYTES = 64 << 10;

    private final ClientHalfState half;
    private final ReadControl reads;
    private final MemoryPressure pressure;
    private final SegmentArena arena;
    private final long timeoutNs;
    /** By the time of their first grant. */
    private final ArrayList<Client> holders = new ArrayList<>();
    private final ArrayDeque<Client> waiting = new ArrayDeque<>();
    /** Set aside and not arrived yet. */
    private long outstanding;

    Reservations(ClientHalfState half, ReadControl reads, MemoryPressure pressure) {
        this.half = half;
        this.pressure = pressure;
        this.reads = reads;
        arena = half.transport().arena();
        timeoutNs = half.limits().gatherTimeoutMs() * 1_000_000L;
    }

    /** Bytes of the client's unfinished request have arrived, or more of it has been announced. */
    void update(Client client, long nowNs) {
        long held = client.assembler.heldBytes();
        long needed = client.needed();
        if (client.reserved == 0 && (needed < LEAST_BYTES || client.isBeyondBytes())) {
            return;
        }
        arrived(client, held);
        if (needed > client.reserved && !client.awaitsReservation) {
            if ((waiting.isEmpty() || isOldest(client)) && fits(client, needed)) {
                grant(client, needed, held, nowNs);
            } else {
                await(client);
            }
        }
    }

    private void await(Client client) {
        client.awaitsReservation = true;
        waiting.add(client);
        half.counters().increment(ClientHalfCounter.PAUSED_BY_RESERVATION);
        reads.block(client, Client.RESERVATION);
    }

    private void arrived(Client client, long held) {
        long more = Math.min(held, client.reserved) - client.arrived;
        client.arrived += more;
        outstanding(outstanding - more);
    }

    private void outstanding(long bytes) {
        outstanding = bytes;
        arena.allowance().promised(bytes);
    }

    private boolean fits(Client client, long needed) {
        long all = outstanding + needed - client.reserved;
        return isOldest(client) ? arena.allowance().promiseFirst(all, needed)
            : arena.bytesInUse() + all <= arena.plainBytes() / 4 * 3 && arena.allowance().promise(all);
    }

    private boolean isOldest(Client client) {
        return holders.isEmpty() ? waiting.isEmpty() || waiting.peek() == client : holders.getFirst() == client;
    }

    private void grant(Client client, long needed, long held, long nowNs) {
        if (client.reserved == 0) {
            holders.add(client);
        }
        outstanding(outstanding + needed - client.reserved);
        client.reserved = needed;
        client.gatherMark = held;
        client.gatherDeadlineNs = nowNs + timeoutNs;
        arrived(client, held);
        // it may have been held back before, but only reading can end what it holds now
        pressure.letFinish(client);
    }

    /** The request is whole, or its client is gone. */
    void end(Client client) {
        if (client.reserved > 0) {
            holders.remove(client);
            giveBack(client);
        }
        if (client.awaitsReservation) {
            client.awaitsReservation = false;
            waiting.remove(client);
            arena.allowance().forgo();
            if (client.closed) {
                reads.clear(client, Client.RESERVATION);
            } else {
                // the rest may have come although reads were paused: nobody else would let it go on
                reads.unblock(client, Client.RESERVATION);
            }
        }
    }

    private void giveBack(Client client) {
        outstanding(outstanding - client.reserved + client.arrived);
        client.reserved = 0;
        client.arrived = 0;
    }

    /** Once a turn: lets those go on for which there is memory now. */
    void resume(long nowNs) {
        while (!waiting.isEmpty()) {
            Client client = waiting.peek();
            if (!holders.isEmpty() && holders.getFirst().awaitsReservation) {
                // nobody but the oldest, which others have filled the memory for, may go on
                client = holders.getFirst();
            }
            long needed = client.needed();
            if (!fits(client, needed)) {
                return;
            }
            waiting.remove(client);
            client.awaitsReservation = false;
            grant(client, needed, client.assembler.heldBytes(), nowNs);
            reads.unblock(client, Client.RESERVATION);
        }
    }

    /**
     * Returns a holder that has not brought what it must, or null. Called until it returns null. A holder that is not
     * read for so long, as its server hangs, has not failed, but what is set aside for it goes to those that wait.
     */
    Client late(long nowNs) {
        for (int i = holders.size() - 1; i >= 0; i--) {
            Client client = holders.get(i);
            long held = client.assembler.heldBytes();
            // one that does not take its replies is at fault itself
            boolean read = (client.blocked & ~Client.OUTPUT) == 0;
            if (read != client.gatherRead || client.awaitsReservation || held - client.gatherMark >= LEAST_BYTES) {
                client.gatherRead = read;
                client.gatherMark = held;
                client.gatherDeadlineNs = nowNs + timeoutNs;
            } else if (nowNs - client.gatherDeadlineNs >= 0) {
                if (read) {
                    return client;
                }
                holders.remove(i);
                giveBack(client);
                await(client);
            }
        }
        return null;
    }

    /** The client that is served before all others, if even it waits for memory that other lanes hold; else null. */
    Client starved() {
        Client client = holders.isEmpty() ? waiting.peek() : holders.getFirst();
        return client != null && client.awaitsReservation ? client : null;
    }

    /** Bytes that are set aside and have not arrived. */
    long outstanding() {
        return outstanding;
    }

    /** Clients that wait for memory to be set aside. */
    int waiting() {
        return waiting.size();
    }
}
