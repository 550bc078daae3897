package org.millrace.engine.client;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.millrace.conf.OutputLimit;
import org.millrace.conf.PoolLimits;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.io.CloseCause;

/**
 * Finds for each client that the lane closes the counter that has risen for it, and looks whether it has given cause
 * for that. A counter that rises without a client being closed in the same turn, or twice for one client, is wrong as
 * well.
 */
public final class ClosingAudit {
    /** Counters of clients that are closed by a rule, one for each. */
    private static final List<ClientHalfCounter> REASONS = List.of(ClientHalfCounter.CLOSED_BY_OUTPUT_HARD,
        ClientHalfCounter.CLOSED_BY_OUTPUT_SOFT, ClientHalfCounter.CLOSED_BY_GATHER_TIMEOUT,
        ClientHalfCounter.CLOSED_BY_HOLDING, ClientHalfCounter.CLOSED_IN_REPLY, ClientHalfCounter.NO_MEMORY);
    private static final List<ClientHalfCounter> REFUSALS = List.of(ClientHalfCounter.REFUSED_BY_MEMORY,
        ClientHalfCounter.REFUSED_BY_NUMBER);
    private static final long NS_PER_S = 1_000_000_000L;

    private final ClientHalfState half;
    private final PoolLimits pool;
    private final Consumer<String> wrong;
    private final Map<ClientHalfCounter, Long> seen = new EnumMap<>(ClientHalfCounter.class);
    private final Map<Client, Closing> closings = new IdentityHashMap<>();
    private final Map<String, Closing> byPeer = new HashMap<>();
    private long nowNs;

    /**
     * What the lane has closed.
     *
     * @param cause  of its connection
     * @param reason that was counted for it, or null: it was to end
     */
    public record Closing(CloseCause cause, ClientHalfCounter reason) {
    }

    ClosingAudit(ClientHalfState half, PoolLimits pool, Consumer<String> wrong) {
        this.half = half;
        this.pool = pool;
        this.wrong = wrong;
        REASONS.forEach(reason -> seen.put(reason, 0L));
        REFUSALS.forEach(reason -> seen.put(reason, 0L));
    }

    /** Whether, and why, the lane has ended its connection to this peer. */
    public Closing of(String peer) {
        return byPeer.get(peer);
    }

    boolean isClosing(Client client) {
        return closings.containsKey(client);
    }

    /** The lane sends nothing more to a client that is not closed yet. */
    public void ending(Client client) {
        ClientHalfCounter refusal = take(REFUSALS);
        byPeer.putIfAbsent(client.connection.peer(), new Closing(CloseCause.LOCAL, refusal));
    }

    /** The lane closes a client, now. */
    public void closing(Client client, CloseCause cause) {
        ClientHalfCounter reason = take(REASONS);
        if (client.closed || closings.containsKey(client)) {
            if (reason != null) {
                wrong.accept(reason + " was counted for " + ClientAudit.name(client) + ", which is closed already");
            }
            return;
        }
        if (reason == null) {
            reason = take(REFUSALS);
        }
        Closing closing = new Closing(cause, reason);
        closings.put(client, closing);
        // one that was told that it ends knows why from then on
        byPeer.putIfAbsent(client.connection.peer(), closing);
        String missing = reason == null ? withoutReason(client, cause) : missing(client, reason);
        if (missing != null) {
            wrong.accept(ClientAudit.name(client) + " is closed (" + cause + ", " + reason + "), but " + missing);
        }
    }

    /** The counter that has risen by one since the last look; null if none has. */
    private ClientHalfCounter take(List<ClientHalfCounter> reasons) {
        ClientHalfCounter found = null;
        for (int i = 0; i < reasons.size(); i++) {
            ClientHalfCounter reason = reasons.get(i);
            long now = half.counters().get(reason);
            long more = now - seen.get(reason);
            if (more > 0) {
                seen.put(reason, now);
                if (more > 1 || found != null) {
                    wrong.accept(reason + " has risen by " + more + " for one client, beside " + found);
                }
                found = reason;
            }
        }
        return found;
    }

    /** What a client lacks to be closed without a reason. */
    private static String withoutReason(Client client, CloseCause cause) {
        if (cause != CloseCause.LOCAL) {
            return "no reason was counted";
        }
        return client.inputEnded || client.lingering || (client.blocked & Client.FINISHING) != 0 ? null
            : "it was not to end";
    }

    /** What a client lacks to be closed for this reason. */
    private String missing(Client client, ClientHalfCounter reason) {
        OutputLimit limit = pool.clientOutputLimit();
        long unread = client.connection.output().unsentBytes();
        return switch (reason) {
            case CLOSED_BY_OUTPUT_HARD -> limit.hardBytes() > 0 && unread > limit.hardBytes() ? null
                : "it has left only " + unread + " bytes unread";
            case CLOSED_BY_OUTPUT_SOFT -> limit.softBytes() > 0 && unread > limit.softBytes()
                && half.life().nowNs() - client.beyondSoftSinceNs >= limit.softSeconds() * NS_PER_S ? null
                : "it has left only " + unread + " bytes unread";
            case CLOSED_BY_GATHER_TIMEOUT -> client.assembler.isIdle()
                || client.assembler.heldBytes() - client.gatherMark >= Reservations.LEAST_BYTES
                || half.life().nowNs() < client.gatherDeadlineNs ? "it brings its request" : null;
            case CLOSED_IN_REPLY -> client.oldest == null || !client.oldest.begun ? "it was sent no half of a reply"
                : null;
            case CLOSED_BY_HOLDING -> client.outstanding == 0 ? "it awaits no reply" : null;
            default -> null;
        };
    }

    /** The turn is over. */
    void atTurnEnd(long now) {
        nowNs = now;
        ClientHalfCounter left = take(REASONS);
        if (left != null) {
            wrong.accept(left + " has risen, but no client was closed in this turn, at " + nowNs);
        }
        take(REFUSALS);
    }
}
