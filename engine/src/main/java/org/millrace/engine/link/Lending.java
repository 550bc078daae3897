package org.millrace.engine.link;

import java.util.ArrayList;
import org.millrace.engine.count.ServerHalfCounter;
import org.millrace.engine.share.Crossing;
import org.millrace.engine.share.Destination;
import org.millrace.io.CloseCause;

/** Brings lanes that want to borrow a link together with the link that they want. Owner's thread. */
final class Lending {
    private final ServerHalfState half;
    private final LinkTable table;
    /** Those that go by a snapshot that this lane does not know yet. */
    private ArrayList<Crossing> early = new ArrayList<>();
    private final ArrayList<Guest> all = new ArrayList<>();
    private final ArrayList<Guest> dirty = new ArrayList<>();

    Lending(ServerHalfState half, LinkTable table) {
        this.half = half;
        this.table = table;
    }

    void onBorrower(Crossing crossing) {
        if (crossing.isBorrowerDone()) {
            early.remove(crossing);
            crossing.endOwner(CloseCause.LOCAL, 0);
            return;
        }
        if (early.contains(crossing)) {
            return;
        }
        ServerLinks links = find(crossing.destination());
        if (links != null) {
            Link link = links.lend();
            Guest guest = new Guest(half, this, link, crossing);
            crossing.guest(guest);
            all.add(guest);
            link.join(guest);
            guest.onRung();
        } else if (crossing.destination().version() > table.version()) {
            early.add(crossing);
        } else {
            // this lane has passed over the snapshot that had these links, and will never have them
            crossing.endOwner(CloseCause.LOCAL, 0);
        }
    }

    private ServerLinks find(Destination wanted) {
        ServerLinks present = table.links(wanted.pool(), wanted.server());
        if (present != null && present.isLentAs(wanted)) {
            return present;
        }
        for (int i = table.draining().size() - 1; i >= 0; i--) {
            if (table.draining().get(i).isLentAs(wanted)) {
                return table.draining().get(i);
            }
        }
        return null;
    }

    /** Another snapshot was taken: those that came too early may be served now. */
    void taken() {
        ArrayList<Crossing> waiting = early;
        early = new ArrayList<>();
        waiting.forEach(this::onBorrower);
    }

    void dirty(Guest guest) {
        if (!guest.dirty) {
            guest.dirty = true;
            dirty.add(guest);
        }
    }

    /** Sends the replies of this turn on their way: once a turn. */
    void flush() {
        for (int i = 0; i < dirty.size(); i++) {
            Guest guest = dirty.get(i);
            guest.dirty = false;
            guest.flush();
        }
        dirty.clear();
    }

    void left(Guest guest) {
        all.remove(guest);
    }

    void copied(int bytes) {
        half.counters().add(ServerHalfCounter.SHARED_BYTES, bytes);
    }

    void ringFull() {
        half.counters().increment(ServerHalfCounter.SHARED_RING_FULL);
    }

    /** Gives all memory back, without events. When no lane has a thread any more. */
    void close() {
        all.forEach(Guest::free);
        all.clear();
    }
}
