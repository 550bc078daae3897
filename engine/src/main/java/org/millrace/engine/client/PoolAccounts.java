package org.millrace.engine.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.millrace.engine.message.Account;

/**
 * Memory held for the clients of each pool, on all lanes together. Each lane keeps accounts of its own, which nobody
 * else writes to; they are summed when somebody wants to know. Thread safe.
 */
public final class PoolAccounts {
    private final int pools;
    private final List<List<Account>> lanes = new CopyOnWriteArrayList<>();

    /** Of so many pools at first. */
    public PoolAccounts(int pools) {
        this.pools = pools;
    }

    /** Accounts of one lane more, by the index of the pool; the lane adds to them when there are more pools. */
    public List<Account> newLane() {
        List<Account> accounts = new CopyOnWriteArrayList<>(
            IntStream.range(0, pools).mapToObj(pool -> new Account(null)).toList());
        lanes.add(accounts);
        return accounts;
    }

    /** Bytes held for a pool on all lanes. */
    public long bytes(int pool) {
        long sum = 0;
        for (int i = 0; i < lanes.size(); i++) {
            List<Account> accounts = lanes.get(i);
            sum += pool < accounts.size() ? accounts.get(pool).bytes() : 0;
        }
        return sum;
    }
}
