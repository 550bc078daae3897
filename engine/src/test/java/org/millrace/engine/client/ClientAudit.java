package org.millrace.engine.client;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.millrace.conf.LimitsConfig;
import org.millrace.conf.OutputLimit;
import org.millrace.conf.PoolLimits;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.message.Account;
import org.millrace.engine.message.Message;
import org.millrace.io.Connection;
import org.millrace.io.SegmentArena;

/**
 * Looks at a client half from outside, at each turn, for whatever must always hold of its limits, its accounts and its
 * reasons not to read. Of one pool. It is told by whoever steps the half when the turn polls, when a client has
 * received, and when the turn is over.
 *
 * <p>What a limit bounds is checked with the slack that the design allows, which each check states.
 */
public final class ClientAudit {
    /** The half looks at the time about so often. */
    private static final long TIMER_NS = 1_000_000;
    private static final long NS_PER_S = 1_000_000_000L;
    /** A half that sleeps looks at the time so much later at most: twice, as it notes that a client is read, too. */
    private static final long LOOK_SLACK_NS = 2 * 200_000_000L;
    /** Most that one read brings, and one poll of a connection that was paused in it: the network's largest window. */
    private static final long READ_BYTES = 64 << 10;
    /** Who holds less is never held back for what others need. */
    private static final long INNOCENT_BYTES = 16 << 10;

    private final ClientHalfState half;
    private final PoolLimits pool;
    private final LimitsConfig limits;
    private final SegmentArena arena;
    private final SegmentArena otherArena;
    private final Predicate<Connection> isReadPaused;
    private final Consumer<String> wrong;
    private final ClosingAudit closings;
    private final Map<Account, Watched> byAccount = new IdentityHashMap<>();
    private final ArrayList<Watched> watched = new ArrayList<>();
    private long lookedNs;
    private int grants;

    /** What is known of one client, also after it is gone: requests of its may still be with the server half. */
    private static final class Watched {
        final Client client;
        int outstanding;
        int framed;
        long reservedBefore;
        int heldSince;
        long requestBytes;
        long softSinceNs = -1;
        /** What was set aside, for which request, and held of it, when it last had brought as much as it must. */
        long reserved;
        int reservedSince;
        long gatherMark;
        long gatherSinceNs;

        Watched(Client client) {
            this.client = client;
        }
    }

    /**
     * An audit of a fresh half.
     *
     * @param pool         the limits that must hold
     * @param limits       likewise
     * @param otherArena   of the server half; the same one if both share it
     * @param isReadPaused whether a connection is told not to read
     * @param wrong        is told what does not hold
     */
    public ClientAudit(ClientHalfState half, PoolLimits pool, LimitsConfig limits, SegmentArena otherArena,
        Predicate<Connection> isReadPaused, Consumer<String> wrong) {
        this.half = half;
        this.pool = pool;
        this.limits = limits;
        this.otherArena = otherArena;
        this.isReadPaused = isReadPaused;
        this.wrong = wrong;
        arena = half.transport().arena();
        closings = new ClosingAudit(half, pool, wrong);
    }

    /** Who was closed, and why. */
    public ClosingAudit closings() {
        return closings;
    }

    private Watched watched(Client client) {
        int ordinal = client.session.ordinal();
        while (watched.size() <= ordinal) {
            watched.add(null);
        }
        Watched known = watched.get(ordinal);
        if (known == null) {
            known = new Watched(client);
            watched.set(ordinal, known);
            byAccount.put(client.account, known);
        }
        return known;
    }

    /** The half has begun its turn, and framed what had waited; nothing has been received yet. */
    public void atPoll() {
        // of those that were given memory since the last turn nobody outside knows who was first
        grants++;
        List<Client> clients = half.life().clients();
        for (int i = 0; i < clients.size(); i++) {
            Watched each = watched(clients.get(i));
            each.framed = each.client.outstanding - each.outstanding;
            afterFraming(each, each.framed);
            noteHolder(each, each.framed);
        }
    }

    /** Before a client's bytes are received. */
    public void beforeReceived(Client client) {
        Watched each = watched(client);
        each.outstanding = client.outstanding;
        each.reservedBefore = client.reserved;
    }

    /** A client's bytes have been received, and framed as far as they may be. */
    public void afterReceived(Client client) {
        Watched each = watched(client);
        int framed = client.outstanding - each.outstanding;
        each.framed += framed;
        afterFraming(each, framed);
        grants++;
        noteHolder(each, framed);
        if (client.reserved > each.reservedBefore) {
            checkGrant(each);
        }
        if (client.account.bytes() - client.assembler.heldBytes() >= pool.clientMaxBytes()
            && (client.blocked & (Client.BYTES | Client.FINISHING)) == 0 && !client.lingering && isOpen(client)) {
            wrong.accept(name(client) + " holds client_max_bytes and is read on: " + client.account.bytes());
        }
    }

    private boolean isOpen(Client client) {
        return !client.closed && !closings.isClosing(client);
    }

    /** At the moment of framing no more is expected than may be, unless it is for a single request. */
    private void afterFraming(Watched each, int framed) {
        Client client = each.client;
        if (framed > 0 && client.outstanding > 1 && (client.blocked & Client.FINISHING) == 0
            && client.expected() > pool.clientMaxExpected()) {
            wrong.accept(name(client) + " was framed although " + client.expected() + " bytes are expected");
        }
    }

    /** Whatever was set aside before a request was framed was for that one. */
    private void noteHolder(Watched each, int framed) {
        if (each.client.reserved == 0) {
            each.heldSince = 0;
        } else if (each.heldSince == 0 || framed > 0) {
            each.heldSince = grants;
        }
    }

    /** What was set aside fits into three quarters of memory beside all that is in use, unless it is for the oldest. */
    private void checkGrant(Watched grantee) {
        long bytes = arena.bytesInUse() + half.life().reservations().outstanding();
        if (bytes <= arena.plainBytes() / 4 * 3) {
            return;
        }
        for (int i = 0; i < watched.size(); i++) {
            Watched each = watched.get(i);
            if (each != null && each.client.reserved > 0 && each.heldSince < grantee.heldSince) {
                wrong.accept(name(grantee.client) + " was given " + grantee.client.reserved + " bytes, which makes "
                    + bytes + " of " + arena.plainBytes() + " though another holds longer");
                return;
            }
        }
    }

    /** The turn is over. */
    public void atTurnEnd(long nowNs) {
        boolean looked = nowNs - lookedNs >= TIMER_NS;
        recount();
        long setAside = 0;
        long largestSetAside = 0;
        int waiting = 0;
        int paused = 0;
        List<Client> clients = half.life().clients();
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            Watched each = watched(client);
            if (client.reserved == 0) {
                // given back for want of reading: before the next poll it may be given again, behind others
                each.heldSince = 0;
            }
            setAside += client.reserved - client.arrived;
            largestSetAside = Math.max(largestSetAside, client.reserved - client.arrived);
            waiting += client.awaitsReservation ? 1 : 0;
            paused += client.readsPaused ? 1 : 0;
            if (isOpen(client) && !client.lingering) {
                checkClient(each);
                checkReading(client);
                checkOutput(each, nowNs, looked);
                checkReservation(client);
                if (looked) {
                    checkGathering(each, nowNs);
                }
            }
            each.outstanding = client.outstanding;
            each.framed = 0;
        }
        checkSums(setAside, waiting, paused);
        // all but the oldest have got theirs from three quarters of memory; the oldest may be the largest
        if (setAside - largestSetAside > arena.plainBytes() / 4 * 3) {
            wrong.accept(setAside + " bytes are set aside, " + largestSetAside + " of them for one, of "
                + arena.plainBytes());
        }
        if (looked) {
            lookedNs = nowNs;
            afterLook(clients, setAside, waiting, paused);
        }
        closings.atTurnEnd(nowNs);
    }

    private void checkClient(Watched each) {
        Client client = each.client;
        if (client.outstanding > pool.clientMaxQueue()) {
            wrong.accept(name(client) + " has " + client.outstanding + " requests outstanding");
        }
        // one more for the exchange that carries a protocol error
        if (each.framed > limits.clientFramesPerTurn() + 1) {
            wrong.accept(each.framed + " requests of " + name(client) + " were framed in one turn");
        }
        if (client.assembler.heldBytes() > limits.maxMessage()) {
            wrong.accept(name(client) + " has " + client.assembler.heldBytes() + " bytes of one request");
        }
        // it is read until the limit is reached: by the request that was arriving then, with what comes before the
        // pause takes effect, twice a read, as the first may have been waiting to be framed
        if (each.requestBytes >= pool.clientMaxBytes() + limits.maxMessage() + 2 * READ_BYTES) {
            wrong.accept(name(client) + " has requests of " + each.requestBytes + " bytes under way");
        }
    }

    /** Not read for a reason, and with one; framed on if nothing hinders it. */
    private void checkReading(Client client) {
        if ((client.blocked & Client.FINISHING) != 0) {
            return;
        }
        if (client.readsPaused != isReadPaused.test(client.connection)) {
            wrong.accept(name(client) + " is taken to be " + (client.readsPaused ? "paused" : "read") + ", wrongly");
        }
        if (client.blocked != 0 && !client.readsPaused) {
            wrong.accept(name(client) + " is read in spite of " + client.blocked);
        }
        if (client.blocked == 0 && client.readsPaused && client.regions.isEmpty()) {
            wrong.accept(name(client) + " is not read for no reason");
        }
        if ((client.blocked & Client.NO_FRAMING) == 0 && !client.regions.isEmpty() && !client.queued) {
            wrong.accept(name(client) + " is not framed for no reason");
        }
    }

    private void checkOutput(Watched each, long nowNs, boolean looked) {
        Client client = each.client;
        long unread = client.connection.output().unsentBytes();
        if (unread > pool.clientMaxOutput() && (client.blocked & (Client.OUTPUT | Client.FINISHING)) == 0) {
            wrong.accept(name(client) + " has not taken " + unread + " bytes and is framed on");
        }
        OutputLimit limit = pool.clientOutputLimit();
        if (limit.hardBytes() > 0 && unread > limit.hardBytes()) {
            wrong.accept(name(client) + " is beyond the hard limit and lives: " + unread);
        }
        if (limit.softBytes() == 0 || unread <= limit.softBytes()) {
            each.softSinceNs = -1;
        } else if (each.softSinceNs < 0) {
            each.softSinceNs = nowNs;
        } else if (looked && nowNs - each.softSinceNs >= limit.softSeconds() * NS_PER_S) {
            wrong.accept(name(client) + " is beyond the soft limit for too long and lives: " + unread);
        }
    }

    private void checkReservation(Client client) {
        if ((client.blocked & Client.FINISHING) != 0) {
            return;
        }
        long held = client.assembler.heldBytes();
        if (client.awaitsReservation != ((client.blocked & Client.RESERVATION) != 0)) {
            wrong.accept(name(client) + " waits for memory and is read, or the other way round");
        }
        // one that is not read for its limit has nothing set aside until there is room
        if (held >= Reservations.LEAST_BYTES && held > client.reserved && !client.awaitsReservation
            && (client.blocked & Client.BYTES) == 0) {
            wrong.accept(name(client) + " has " + held + " bytes of a request, for which " + client.reserved
                + " are set aside");
        }
        // what it has beyond came before the pause took effect: with the read that showed the need, and behind it
        if (held > Math.max(client.reserved, Reservations.LEAST_BYTES) + 2 * READ_BYTES) {
            wrong.accept(name(client) + " has " + held + " bytes of a request while it waits, for which "
                + client.reserved + " are set aside");
        }
        if (client.arrived > client.reserved) {
            wrong.accept(name(client) + " has brought more than was set aside");
        }
    }

    /** Whoever is read brings as much of his large request as he must in each gather_timeout, or is closed. */
    private void checkGathering(Watched each, long nowNs) {
        Client client = each.client;
        long held = client.assembler.heldBytes();
        if (client.reserved != each.reserved || each.heldSince != each.reservedSince
            || (client.blocked & ~Client.OUTPUT) != 0 || held < each.gatherMark
            || held - each.gatherMark >= Reservations.LEAST_BYTES) {
            each.reserved = client.reserved;
            each.reservedSince = each.heldSince;
            each.gatherMark = held;
            each.gatherSinceNs = nowNs;
        } else if (client.reserved > 0
            && nowNs - each.gatherSinceNs > 2 * limits.gatherTimeoutMs() * 1_000_000L + LOOK_SLACK_NS) {
            // twice, as the half may have reckoned from an earlier mark, and from a new one since
            wrong.accept(name(client) + " stalls in a request for longer than gather_timeout and lives");
        }
    }

    /** Gauges that are kept all the time. */
    private void checkSums(long setAside, int waiting, int paused) {
        Reservations reservations = half.life().reservations();
        if (reservations.outstanding() != setAside || reservations.waiting() != waiting) {
            wrong.accept("set aside " + reservations.outstanding() + " for clients that await " + setAside + ", "
                + reservations.waiting() + " of " + waiting + " wait");
        }
        if (half.life().reads().paused() != paused) {
            wrong.accept(paused + " clients are not read, counted " + half.life().reads().paused());
        }
    }

    /** Just after the half has looked at the time: what is done once a millisecond is done. */
    private void afterLook(List<Client> clients, long setAside, int waiting, int paused) {
        if (count(ClientHalfCounter.NOT_READ) != paused || count(ClientHalfCounter.RESERVED_BYTES) != setAside
            || count(ClientHalfCounter.NOT_READ_BY_RESERVATION) != waiting) {
            wrong.accept("gauges say " + count(ClientHalfCounter.NOT_READ) + " not read, "
                + count(ClientHalfCounter.RESERVED_BYTES) + " set aside, "
                + count(ClientHalfCounter.NOT_READ_BY_RESERVATION) + " waiting; it is " + paused + ", " + setAside
                + ", " + waiting);
        }
        if (eighthsOfMemory() >= half.life().pressure().memoryMark()) {
            checkHeldBack(clients, Client.MEMORY, "memory");
        }
        if (pool.poolMaxBytes() > 0
            && half.account(0).bytes() * 8 / pool.poolMaxBytes() >= half.life().pressure().poolMark(0)) {
            checkHeldBack(clients, Client.POOL, "pool_max_bytes");
        }
    }

    private long count(ClientHalfCounter counter) {
        return half.counters().get(counter);
    }

    /**
     * A limit of many is reached: whoever is still read holds less than half of what one that is not read holds, or
     * next to nothing, or has memory set aside to finish its request.
     */
    private void checkHeldBack(List<Client> clients, int reason, String limit) {
        long largest = 0;
        for (int i = 0; i < clients.size(); i++) {
            if ((clients.get(i).blocked & reason) != 0) {
                largest = Math.max(largest, clients.get(i).account.bytes());
            }
        }
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            boolean free = isOpen(client) && (client.blocked & reason) == 0
                && (client.reserved == 0 || client.awaitsReservation);
            if (free && client.account.bytes() >= INNOCENT_BYTES && client.account.bytes() * 2 > largest) {
                wrong.accept(name(client) + " is read on at " + limit + " with " + client.account.bytes()
                    + " bytes, when the largest that is not read has " + largest);
            }
        }
    }

    private int eighthsOfMemory() {
        return Math.max(eighths(arena), eighths(otherArena));
    }

    private static int eighths(SegmentArena each) {
        return (int) (each.bytesInUse() / (each.plainBytes() / 8 + 1));
    }

    /** True while a new client is to be refused. */
    public boolean mustRefuse() {
        return eighthsOfMemory() >= 7;
    }

    /** The newest client has been accepted: it was refused exactly if it had to be. */
    public void afterAccept(boolean mustRefuse) {
        Client client = half.life().clients().getLast();
        watched(client);
        if (mustRefuse != ((client.blocked & Client.FINISHING) != 0)) {
            wrong.accept("a new client was " + (mustRefuse ? "not " : "") + "refused");
        }
    }

    /** Each account is what can be counted, and the pool's is the sum of its clients'. */
    private void recount() {
        for (int i = 0; i < watched.size(); i++) {
            if (watched.get(i) != null) {
                watched.get(i).requestBytes = 0;
            }
        }
        half.messages().forEachCharged((account, bytes) -> {
            Watched payer = byAccount.get(account);
            if (payer == null) {
                wrong.accept("nobody pays for " + bytes + " bytes of a request");
            } else {
                payer.requestBytes += bytes;
            }
        });
        long all = 0;
        for (int i = 0; i < watched.size(); i++) {
            Watched each = watched.get(i);
            if (each != null) {
                long bytes = each.requestBytes + held(each.client) + kept(each.client) + each.client.parkedBytes();
                all += bytes;
                if (each.client.account.bytes() != bytes) {
                    wrong.accept("the account of " + name(each.client) + " is " + each.client.account.bytes()
                        + ", counted " + bytes + ": " + each.requestBytes + " of requests, " + kept(each.client)
                        + " of replies that wait, " + each.client.parkedBytes() + " of requests that wait");
                }
            }
        }
        if (half.account(0).bytes() != all) {
            wrong.accept("the account of the pool is " + half.account(0).bytes() + ", counted " + all);
        }
    }

    private static long held(Client client) {
        return client.closed ? 0 : client.assembler.heldBytes() + client.regions.heldBytes()
            + client.connection.output().unsentBytes();
    }

    /** Replies ahead of their turn. */
    private static long kept(Client client) {
        long kept = 0;
        for (Exchange exchange = client.oldest; exchange != null; exchange = exchange.next) {
            if (exchange.replySegment != null) {
                kept += exchange.replySegment.capacity();
            }
            for (Message message = exchange.replyMessage; message != null; message = message.next()) {
                kept += message.length();
            }
        }
        return kept;
    }

    static String name(Client client) {
        return "client " + client.session.ordinal();
    }
}
