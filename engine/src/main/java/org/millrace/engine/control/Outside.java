package org.millrace.engine.control;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.lane.Lane;
import org.millrace.io.CloseCause;

/** What the lanes of a process see of the rest of it: everything is handed to the control thread at once. */
public final class Outside implements Lane.Outside {
    private final MillraceConfig config;
    private final Control control;
    private final EventLog log;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    public Outside(MillraceConfig config, Control control, EventLog log) {
        this.config = config;
        this.control = control;
        this.log = log;
    }

    @Override
    public boolean info(int lane, long exchangeId, String section) {
        return control.offer(() -> control.answerInfo(lane, exchangeId, section));
    }

    @Override
    public void onServerUp(int pool, int server) {
        control.offer(() -> log.info(name(pool, server) + " is back"));
    }

    @Override
    public void onServerDown(int pool, int server, CloseCause cause) {
        control.offer(() -> log.warn(name(pool, server) + " failed: " + cause.text() + " (" + cause + ")"));
    }

    @Override
    public void onHandshakeRefused(int pool, int server, String reply) {
        // the reply is the server's, and servers do not repeat passwords
        control.offer(() -> log.warn(name(pool, server) + " refused AUTH or SELECT: " + reply.strip()));
    }

    @Override
    public void onFault(String place, RuntimeException fault) {
        // once for each place and kind: a fault that comes with every request must not fill the disk
        if (reported.add(place + fault.getClass().getName() + fault.getStackTrace()[0])) {
            control.offer(() -> log.error("exception in " + place + "; its connection is closed", fault));
        }
    }

    @Override
    public long epochMicros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    private String name(int pool, int server) {
        PoolConfig config = this.config.pools().get(pool);
        return "pool " + config.name() + ", server " + config.servers().get(server).ringName();
    }
}
