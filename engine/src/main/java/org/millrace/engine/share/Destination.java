package org.millrace.engine.share;

import java.util.Objects;
import org.millrace.io.Endpoint;

/**
 * Which links a lane wants to borrow one of: the owner's are the right ones if all but the version is the same.
 *
 * @param pool     index of the pool
 * @param server   index of the server
 * @param poolName name of the pool: indexes are used again
 * @param name     name of the server on the ring
 * @param endpoint where it is; null while its name does not resolve
 * @param terms    how its links are to be; compared by {@code equals}
 * @param version  of the snapshot that the borrower made its links for: an older owner will know them
 */
public record Destination(int pool, int server, String poolName, String name, Endpoint endpoint, Record terms,
    long version) {
    /** True if the same links are meant, whatever the snapshot. */
    public boolean isSame(Destination other) {
        return poolName.equals(other.poolName) && name.equals(other.name) && Objects.equals(endpoint, other.endpoint)
            && terms.equals(other.terms);
    }
}
