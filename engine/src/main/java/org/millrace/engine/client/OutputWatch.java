package org.millrace.engine.client;

import java.util.ArrayList;
import org.agrona.collections.ArrayListUtil;
import org.millrace.conf.OutputLimit;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.io.CloseCause;

/**
 * Closes clients that leave too much unread, as Redis's client-output-buffer-limit does: at once beyond the hard limit,
 * and beyond the soft one when that has lasted. Client half's thread.
 */
final class OutputWatch {
    private static final long NS_PER_S = 1_000_000_000L;

    private final ClientHalfState half;
    private final ArrayList<Client> beyondSoft = new ArrayList<>();

    OutputWatch(ClientHalfState half) {
        this.half = half;
    }

    /** Something was appended to the client's output. */
    void appended(Client client, long nowNs) {
        OutputLimit limit = client.limits.clientOutputLimit();
        long unread = client.connection.output().unsentBytes();
        if (limit.hardBytes() > 0 && unread > limit.hardBytes()) {
            close(client, ClientHalfCounter.CLOSED_BY_OUTPUT_HARD);
        } else if (limit.softBytes() > 0 && unread > limit.softBytes() && !client.isBeyondSoft) {
            client.isBeyondSoft = true;
            client.beyondSoftSinceNs = nowNs;
            beyondSoft.add(client);
        }
    }

    /** About once a millisecond. */
    void look(long nowNs) {
        for (int i = beyondSoft.size() - 1; i >= 0; i--) {
            Client client = beyondSoft.get(i);
            OutputLimit limit = client.limits.clientOutputLimit();
            // the limit may have been taken away meanwhile
            if (client.closed || limit.softBytes() == 0
                || client.connection.output().unsentBytes() <= limit.softBytes()) {
                drop(i);
            } else if (nowNs - client.beyondSoftSinceNs >= limit.softSeconds() * NS_PER_S) {
                drop(i);
                close(client, ClientHalfCounter.CLOSED_BY_OUTPUT_SOFT);
            }
        }
    }

    private void drop(int index) {
        beyondSoft.get(index).isBeyondSoft = false;
        ArrayListUtil.fastUnorderedRemove(beyondSoft, index);
    }

    private void close(Client client, ClientHalfCounter reason) {
        half.life().close(client, reason, CloseCause.EXHAUSTED);
    }
}
