package org.millrace.engine.link;

import java.util.ArrayList;
import org.agrona.collections.ArrayListUtil;
import org.agrona.collections.IntHashSet;
import org.millrace.io.SegmentArena;

/** What the links of a server half have to do once a turn: lists of those that asked for it. */
public final class LinkRunner {
    /** Each request looked at for clients that are gone puts the next look off by so much: a hundredth of all time. */
    private static final long GONE_NS = 1_000;

    private final ServerHalfState half;
    private final ArrayList<Link> dirty = new ArrayList<>();
    private final ArrayList<Link> ended = new ArrayList<>();
    private ArrayList<Link> waiting = new ArrayList<>();
    private ArrayList<Link> waitingBefore = new ArrayList<>();
    private ArrayList<Link> resumable = new ArrayList<>();
    private ArrayList<Link> resumableBefore = new ArrayList<>();
    private final ArrayList<Link> all = new ArrayList<>();
    /** Ordinals of clients that left with requests outstanding. */
    private final IntHashSet gone = new IntHashSet();
    private long goneDueNs;
    private final ArrayList<Link> held = new ArrayList<>();
    private final Shedding shedding;
    private long nowNs;

    LinkRunner(ServerHalfState half) {
        this.half = half;
        shedding = new Shedding(half);
    }

    /** Watches the client half's memory as well, by its gauges. */
    public void watchMemory(SegmentArena clientArena) {
        shedding.alsoWatch(clientArena);
    }

    /** Looks at the time, about once a millisecond: what waits for servers that hang may have to be refused. */
    public void onTimer() {
        shedding.look(all, nowNs);
    }

    /** The time of this turn. */
    public long nowNs() {
        return nowNs;
    }

    /** The time after the turn's wait. */
    public void time(long now) {
        nowNs = now;
    }

    void add(Link link) {
        all.add(link);
    }

    /** A link that has ended for good. */
    void remove(Link link) {
        all.remove(link);
    }

    /** A client is gone while requests of its were outstanding. */
    void gone(int clientOrdinal) {
        gone.add(clientOrdinal);
    }

    /** Looks at each request once for all clients that have gone since the last look. */
    private void dropOfGone() {
        boolean done = true;
        long looked = 0;
        for (int i = 0; i < all.size(); i++) {
            Link link = all.get(i);
            looked += link.parkedCount() + link.inFlightCount();
            done &= link.queue().dropOf(gone);
        }
        if (done) {
            gone.clear();
            goneDueNs = nowNs + looked * GONE_NS;
        }
    }

    private boolean isGoneDue() {
        return !gone.isEmpty() && nowNs - goneDueNs >= 0;
    }

    void dirty(Link link) {
        if (!link.dirty) {
            link.dirty = true;
            dirty.add(link);
        }
    }

    void ended(Link link) {
        ended.add(link);
    }

    /** The link is not read because a client does not take its large reply. */
    void held(Link link) {
        if (!link.listedAsHeld) {
            link.listedAsHeld = true;
            held.add(link);
        }
    }

    void waiting(Link link) {
        if (!link.waiting) {
            link.waiting = true;
            waiting.add(link);
        }
    }

    void resumable(Link link) {
        if (!link.resumable) {
            link.resumable = true;
            resumable.add(link);
        }
    }

    /** Begins a turn: replies that waited for the ring are framed. */
    public int beginTurn(long now) {
        nowNs = now;
        int work = half.replies().flushReleases() + waiting.size();
        ArrayList<Link> links = waiting;
        waiting = waitingBefore;
        waitingBefore = links;
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            link.waiting = false;
            try {
                link.receiver().resume();
            } catch (RuntimeException e) {
                fault("recv of replies", link, e);
            }
        }
        links.clear();
        return work;
    }

    /** After the stages: ended links are cleared up, parked requests go on, what was appended is sent. */
    public int endTurn() {
        int work = 0;
        if (isGoneDue()) {
            dropOfGone();
            work++;
        }
        for (int i = held.size() - 1; i >= 0; i--) {
            Link link = held.get(i);
            if (link.receiver().endHold()) {
                link.listedAsHeld = false;
                ArrayListUtil.fastUnorderedRemove(held, i);
                work++;
            }
        }
        for (int i = ended.size() - 1; i >= 0; i--) {
            if (finishEnd(ended.get(i))) {
                ended.remove(i);
                work++;
            }
        }
        if (!resumable.isEmpty()) {
            ArrayList<Link> links = resumable;
            resumable = resumableBefore;
            resumableBefore = links;
            for (int i = 0; i < links.size(); i++) {
                Link link = links.get(i);
                link.resumable = false;
                try {
                    link.resume();
                } catch (RuntimeException e) {
                    fault("resume", link, e);
                }
            }
            work += links.size();
            links.clear();
        }
        // a flush may make further links dirty or resumable; those are seen here or next turn
        for (int i = 0; i < dirty.size(); i++) {
            Link link = dirty.get(i);
            link.dirty = false;
            try {
                link.flush();
            } catch (RuntimeException e) {
                fault("flush of links", link, e);
            }
        }
        dirty.clear();
        return work;
    }

    private boolean finishEnd(Link link) {
        try {
            return link.finishEnd();
        } catch (RuntimeException e) {
            fault("end of a link", link, e);
            return false;
        }
    }

    private void fault(String place, Link link, RuntimeException e) {
        half.faults().onFault(place, e);
        link.fault();
    }

    /** True if something waits for nothing but the next turn. */
    public boolean hasWork() {
        return isGoneDue() || !waiting.isEmpty() || !resumable.isEmpty() || !ended.isEmpty() || isHeldFree();
    }

    /** True if a link is held for a client that has taken enough since: by the flush at the turn's end. */
    private boolean isHeldFree() {
        for (int i = 0; i < held.size(); i++) {
            if (held.get(i).receiver().mayEndHold()) {
                return true;
            }
        }
        return false;
    }
}
