package org.millrace.engine.control;

import java.util.List;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.count.PoolCounter;
import org.millrace.engine.count.ServerCounter;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.link.Link;
import org.millrace.io.MemoryBudget;

/** Counters summed over all lanes. */
public final class Totals {
    private final List<LaneHandle> lanes;

    public Totals(List<LaneHandle> lanes) {
        this.lanes = lanes;
    }

    /** A counter of a pool, whichever half writes it. */
    public long pool(int pool, PoolCounter counter) {
        long sum = 0;
        for (LaneHandle lane : lanes) {
            sum += lane.lane().client().state().poolCounters(pool).get(counter);
            sum += lane.lane().server().poolCounters(pool).get(counter);
        }
        return sum;
    }

    /** A counter of a server. */
    public long server(int pool, int server, ServerCounter counter) {
        long sum = 0;
        for (LaneHandle lane : lanes) {
            sum += lane.lane().server().links()[pool][server].counters().get(counter);
        }
        return sum;
    }

    /** The links of a lane to a server. */
    public Link[] links(int lane, int pool, int server) {
        return lanes.get(lane).lane().server().links()[pool][server].links();
    }

    /** A counter of the client halves. */
    public long clients(ClientHalfCounter counter) {
        long sum = 0;
        for (LaneHandle lane : lanes) {
            sum += lane.lane().client().state().counters().get(counter);
        }
        return sum;
    }

    /** A counter of the server halves. */
    public long servers(ServerHalfCounter counter) {
        long sum = 0;
        for (LaneHandle lane : lanes) {
            sum += lane.lane().server().state().counters().get(counter);
        }
        return sum;
    }

    public long bytesInUse() {
        return lanes.stream().mapToLong(LaneHandle::bytesInUse).sum();
    }

    /** Memory held for the clients of a pool. */
    public long clientBytes(int pool) {
        return lanes.stream().mapToLong(lane -> lane.lane().client().state().account(pool).bytes()).sum();
    }

    /** The limit of all lanes' memory together. */
    public long maxBytes() {
        return lanes.stream().flatMap(lane -> lane.transports().stream()).map(each -> each.arena().allowance().budget())
            .distinct().mapToLong(MemoryBudget::totalBytes).sum();
    }

    public long bytesReserved() {
        return lanes.stream().mapToLong(LaneHandle::bytesReserved).sum();
    }

    public int lanes() {
        return lanes.size();
    }
}
