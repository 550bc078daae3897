package org.millrace.engine.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.tap.ClientTap;
import org.millrace.engine.tap.LaneTap;

/** Which clients of a lane are captured: all of pools that say so, or one of so many. Client half's thread. */
public final class ClientTaps {
    private final ClientHalfState half;
    /** Null while nothing is captured. */
    private LaneTap lane;

    ClientTaps(ClientHalfState half) {
        this.half = half;
    }

    /** From now on clients are captured by this tap; by none if it is null. Conversations end, and others begin. */
    public void use(LaneTap next) {
        List<Client> clients = half.life().clients();
        clients.forEach(this::leave);
        lane = next;
        clients.forEach(client -> join(client, false));
    }

    /** Pools have changed. */
    void take() {
        for (Client client : half.life().clients()) {
            if (!isCaptured(client)) {
                leave(client);
            } else if (client.tap == null) {
                join(client, false);
            }
        }
    }

    /**
     * The client is captured, if it is one of those.
     *
     * @param fresh it has not sent anything yet
     */
    void join(Client client, boolean fresh) {
        if (isCaptured(client)) {
            PoolConfig pool = half.pool(client.session.pool());
            client.tap = new ClientTap(lane, pool.name().getBytes(StandardCharsets.UTF_8), !pool.redis(), fresh);
        }
    }

    /** It is captured no longer. */
    void leave(Client client) {
        if (client.tap != null) {
            client.tap.closed(half.life().nowNs());
            client.tap = null;
        }
    }

    private boolean isCaptured(Client client) {
        return lane != null && !client.refused && !client.closed && half.pool(client.session.pool()).captured()
            && lane.takes(client.session.id() >>> Byte.SIZE);
    }
}
