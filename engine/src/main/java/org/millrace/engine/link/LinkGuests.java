package org.millrace.engine.link;

import java.util.ArrayList;
import org.millrace.io.CloseCause;
import org.millrace.io.Connection;

/** The lanes that borrow one link. None, unless links are shared. Owner's thread. */
final class LinkGuests {
    /** Requests of one lane before it is another's turn. */
    static final int ROUND = 64;

    private final ArrayList<Guest> guests = new ArrayList<>();
    private int first;
    private Guest inRequest;
    /** Their requests in flight, which their lanes count as well. */
    private int inFlight;
    private long inFlightBytes;

    void add(Guest guest) {
        guests.add(guest);
    }

    void remove(Guest guest) {
        guests.remove(guest);
        if (inRequest == guest) {
            inRequest = null;
        }
    }

    /** A request of theirs comes in flight. */
    void sent(long bytes) {
        inFlight++;
        inFlightBytes += bytes;
    }

    /** It is so no longer, or nobody waits for it any more. */
    void answered(long bytes) {
        inFlight--;
        inFlightBytes -= bytes;
    }

    int inFlight() {
        return inFlight;
    }

    long inFlightBytes() {
        return inFlightBytes;
    }

    boolean isEmpty() {
        return guests.isEmpty();
    }

    int size() {
        return guests.size();
    }

    /** The link stands. */
    void open() {
        for (int i = 0; i < guests.size(); i++) {
            guests.get(i).open();
        }
    }

    /** True if one waits for the link to be opened. */
    boolean areWaiting() {
        for (int i = 0; i < guests.size(); i++) {
            if (!guests.get(i).isOpened()) {
                return true;
            }
        }
        return false;
    }

    /** True if there may be requests in a ring. */
    boolean haveMore() {
        for (int i = 0; i < guests.size(); i++) {
            if (guests.get(i).hasMore()) {
                return true;
            }
        }
        return false;
    }

    /** True while others must not send, as half a request is on the wire. */
    boolean areInRequest() {
        return inRequest != null;
    }

    /** True while so much waits for one that the link is not read on. */
    boolean isFull() {
        for (int i = 0; i < guests.size(); i++) {
            if (guests.get(i).isFull()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes requests of each, the one in whose request the wire is first.
     *
     * @param most of each
     * @return records taken, or -1 if the link is broken for want of memory
     */
    int take(Connection connection, int most) {
        int taken = 0;
        if (inRequest != null) {
            taken = take(inRequest, connection, most);
            if (taken < 0 || inRequest != null) {
                return taken;
            }
        }
        int count = guests.size();
        first = count == 0 ? 0 : (first + 1) % count;
        for (int i = 0; i < count && inRequest == null; i++) {
            // one that has left on the way makes a later one wait for the next round
            Guest guest = guests.get((first + i) % Math.max(1, guests.size()));
            int more = guest.hasMore() ? take(guest, connection, most) : 0;
            if (more < 0) {
                return -1;
            }
            taken += more;
            if (guests.isEmpty()) {
                return taken;
            }
        }
        return taken;
    }

    private int take(Guest guest, Connection connection, int most) {
        int taken = guest.take(connection, most);
        inRequest = guest.isInRequest() ? guest : null;
        return taken;
    }

    /** Ends those of which nothing is under way. */
    void sendAway() {
        for (int i = guests.size() - 1; i >= 0; i--) {
            guests.get(i).sendAway();
        }
    }

    /**
     * A connection has ended.
     *
     * @param all also those that wait for the next one
     */
    void linkEnded(CloseCause cause, long restNs, boolean all) {
        inRequest = null;
        for (int i = guests.size() - 1; i >= 0; i--) {
            Guest guest = guests.get(i);
            if (all || guest.isOpened()) {
                guests.remove(i);
                guest.linkEnded(cause, restNs);
            }
        }
    }
}
