package org.millrace.engine.sim;

import java.util.function.Predicate;

/** What scenarios are to be about, each in a fair share of them. */
enum Feature {
    MEMCACHED(s -> s.memcached),
    TINY_WINDOWS(s -> s.leastWindow < 2_000),
    SMALL_WINDOWS(s -> s.leastWindow >= 2_000 && s.leastWindow < Scenario.WHOLE_WINDOW),
    TINY_MESSAGES(s -> s.limits.maxMessageKb <= 512),
    TINY_CLIENT_QUEUE(s -> s.limits.clientMaxQueue <= 4),
    TINY_SERVER_QUEUE(s -> s.limits.serverMaxQueue <= 2),
    TINY_SHARE_OF_TURN(s -> s.limits.framesPerTurn <= 4),
    LEAST_OUTPUT(s -> s.limits.clientMaxOutputKb == 16),
    LEAST_UNSENT(s -> s.limits.serverMaxUnsentKb == 4),
    LEAST_EXPECTED(s -> s.limits.clientMaxExpectedKb == 64),
    SMALL_RINGS(s -> s.limits.ringSlots <= 16),
    SHORT_OF_MEMORY(s -> s.shortOfMemory),
    POOL_LIMIT(s -> s.limits.poolLimit),
    HARD_OUTPUT_LIMIT(s -> s.limits.hardKb > 0),
    SOFT_OUTPUT_LIMIT(s -> s.limits.softKb > 0),
    TIMEOUT(s -> s.timeoutMs > 0),
    QUEUE_TIMEOUT(s -> s.limits.queueTimeoutMs > 0),
    LARGE_VALUES(s -> s.large > 0 && s.valueMax > 20_000),
    AUTH(s -> s.auth),
    DB(s -> s.db),
    SLOW_READERS(s -> s.slowReader > 0),
    MUTE_READERS(s -> s.slowReader > 0 && s.mute > 0),
    SNAPSHOTS(s -> s.snapshots > 0),
    HALF_SENT(s -> s.halfSent > 0),
    BROKEN_PROTOCOL(s -> s.broken > 0),
    QUITTERS(s -> s.quit > 0),
    HALF_CLOSERS(s -> s.halfClose > 0),
    CLIENT_RESETS(s -> s.clientReset > 0),
    HUNG_SERVERS(s -> s.serverHang > 0),
    FLAPPING_SERVERS(s -> s.flapping),
    STALLING_SERVERS(s -> s.serverStall > 0),
    CLOSING_SERVERS(s -> s.serverClose + s.serverReset > 0),
    SERVERS_THAT_GO_DOWN(s -> s.serverDown > 0),
    GARBAGE(s -> s.serverGarbage > 0),
    STRAY_REPLIES(s -> s.serverStray > 0),
    ERRORS_OF_SERVERS(s -> s.serverError > 0),
    REHASH(s -> "rehash".equals(s.eject)),
    FAIL_FAST(s -> "fail_fast".equals(s.eject)),
    BORROWED_LINKS(s -> s.borrows),
    REFUSED_AT_ACCEPT(s -> s.refuseAtAccept),
    PARTIAL_WRITES(s -> s.network.partialWrite() > 0),
    CHUNKED_READS(s -> s.network.chunked() > 0),
    DELAYS(s -> s.network.delayed() > 0),
    NETWORK_STALLS(s -> s.network.stall() > 0),
    NETWORK_RESETS(s -> s.network.reset() > 0),
    NETWORK_REFUSALS(s -> s.network.refuse() > 0),
    /** Nothing goes wrong, whatever the limits are: each reply must be the right one. */
    ALL_SERVERS_WELL(s -> !s.serversFail());

    private final Predicate<Scenario> is;

    Feature(Predicate<Scenario> is) {
        this.is = is;
    }

    boolean isIn(Scenario scenario) {
        return is.test(scenario);
    }
}
