package org.millrace.engine.kit;

import org.millrace.engine.client.PoolAccounts;
import org.millrace.io.MemoryBudget;

/**
 * What lanes under test have in common, as those of one process do.
 *
 * @param budget   where their arenas lease
 * @param ownBytes of each arena
 * @param accounts of the pool's clients
 */
public record SharedMemory(MemoryBudget budget, long ownBytes, PoolAccounts accounts) {
    /** For lanes with one pool. */
    public SharedMemory(long totalBytes, long ownBytes) {
        this(new MemoryBudget(totalBytes), ownBytes, new PoolAccounts(1));
    }

    FakeTransport newTransport() {
        return new FakeTransport(ownBytes, ownBytes / 4, budget);
    }
}
