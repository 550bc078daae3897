package org.millrace.engine.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.io.CloseCause;

/**
 * Goes through the clients of a lane for somebody who wants to see or close some of them, a part at a time, so that a
 * crowd does not hold the lane up. From the last to the first: a client that leaves meanwhile makes another one be seen
 * twice, but none be missed. Client half's thread.
 */
public final class ClientRoll {
    private final ClientHalfState half;

    /** Of a lane. */
    public ClientRoll(ClientHalfState half) {
        this.half = half;
    }

    /**
     * Shows clients of a pool; those that are being closed already are passed over.
     *
     * @param from  where the call before has ended; {@link Integer#MAX_VALUE} at first
     * @param count how many to look at, of whatever pool
     * @param kills shown each; true closes it
     * @return where to go on; 0 if all were seen
     */
    public int visit(int from, int count, int pool, Predicate<ClientRow> kills) {
        List<Client> clients = half.life().clients();
        int at = Math.min(from, clients.size());
        int end = Math.max(0, at - count);
        while (at > end) {
            at--;
            // closing one may take it, and the last one into its place
            if (at < clients.size()) {
                visit(clients.get(at), pool, kills);
            }
        }
        return at;
    }

    private void visit(Client client, int pool, Predicate<ClientRow> kills) {
        if (client.session.pool() == pool && !client.isClosing() && !client.lingering && !client.refused
            && kills.test(row(client))) {
            half.life().close(client, ClientHalfCounter.CLOSED_BY_KILL, CloseCause.LOCAL);
        }
    }

    private ClientRow row(Client client) {
        ClientSession session = client.session;
        long nowNs = half.life().nowNs();
        return new ClientRow(session.id(), half.lane(), client.connection.peer(), client.connection.local(),
            text(session.name()), text(session.library()), text(session.libraryVersion()),
            Math.max(0, nowNs - session.bornNs()), Math.max(0, nowNs - client.activeNs), client.outstanding,
            client.connection.output().unsentBytes(), client.account.bytes(), client.blocked == 0);
    }

    private static String text(byte[] printable) {
        return new String(printable, StandardCharsets.US_ASCII);
    }
}
