package org.millrace.engine.client;

import java.util.ArrayList;
import java.util.List;

/**
 * Stops reading those that hold most, a few at a time, and lets them go on when there is room again. One whose request
 * has memory set aside is left alone: it can finish, and holding it back would free nothing. Client half's thread.
 */
final class LargestHolders {
    /** Who holds less is not the reason of any shortage. */
    private static final long LEAST_BYTES = 16 << 10;

    private final ReadControl reads;
    private final int reason;
    private final int pool;
    /** Those that were blocked; some may be so no longer. */
    private final ArrayList<Client> candidates = new ArrayList<>();
    private int blocked;

    /**
     * Nobody is blocked yet.
     *
     * @param reason one of {@link Client}'s reasons not to be read
     * @param pool   index of the pool whose clients are meant, -1 for all
     */
    LargestHolders(ReadControl reads, int reason, int pool) {
        this.reads = reads;
        this.reason = reason;
        this.pool = pool;
    }

    /**
     * Blocks those that hold at least half of what the largest of all unblocked ones holds.
     *
     * @return how many
     */
    int block(List<Client> clients) {
        long most = 0;
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            if (isFree(client)) {
                most = Math.max(most, client.account.bytes());
            }
        }
        if (most < LEAST_BYTES) {
            return 0;
        }
        int before = blocked;
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            if (isFree(client) && client.account.bytes() >= most / 2) {
                reads.block(client, reason);
                candidates.add(client);
                blocked++;
            }
        }
        return blocked - before;
    }

    private boolean isFree(Client client) {
        return (client.blocked & reason) == 0 && (client.reserved == 0 || client.awaitsReservation)
            && isOfPool(client);
    }

    private boolean isOfPool(Client client) {
        return pool < 0 || client.session.pool() == pool;
    }

    /** Lets all go on, in the order of being blocked. */
    void release() {
        for (int i = 0; i < candidates.size(); i++) {
            letGo(candidates.get(i));
        }
        candidates.clear();
    }

    /**
     * Lets those go on that hold little by now, beside a request that only reading can end: while others keep the
     * memory short, however long, they are not the reason.
     */
    void releaseSmall() {
        int left = 0;
        for (int i = 0; i < candidates.size(); i++) {
            Client client = candidates.get(i);
            if (!client.awaitsReservation && client.bytesBeside() < LEAST_BYTES) {
                letGo(client);
            }
            if ((client.blocked & reason) != 0) {
                candidates.set(left++, client);
            }
        }
        candidates.subList(left, candidates.size()).clear();
    }

    /** Lets one go on before the others. */
    void letGo(Client client) {
        if ((client.blocked & reason) != 0) {
            blocked--;
            reads.unblock(client, reason);
        }
    }

    /** A client that may be blocked is gone. */
    void forget(Client client) {
        if (reads.clear(client, reason)) {
            blocked--;
        }
    }

    /** Clients that are not read for this reason at the moment. */
    int blocked() {
        return blocked;
    }
}
