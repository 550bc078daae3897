package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sends what {@link WireCases} hold, each case on a connection of its own, and looks at all that comes back. */
final class WireReplay {
    private static final String PROTOCOL_ERROR = "-ERR Protocol error: ";

    private final Map<String, Integer> ports;
    private final String probe;
    private final String probeReply;
    private final Before before;

    /** What is to be done before a case. */
    @FunctionalInterface
    interface Before {
        void each(WireCases.Case next) throws IOException;
    }

    /**
     * A replay of some pools' cases.
     *
     * @param ports      by the pool's name, where the proxy listens for it
     * @param probe      a request that shows that a connection still serves, and makes the proxy close it
     * @param probeReply what comes for it
     */
    WireReplay(Map<String, Integer> ports, String probe, String probeReply, Before before) {
        this.ports = ports;
        this.probe = probe;
        this.probeReply = probeReply;
        this.before = before;
    }

    /** Every case of these pools; fails with all that were answered otherwise. Returns how many there were. */
    int run() throws IOException {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (WireCases.Case each : WireCases.all()) {
            if (ports.containsKey(each.pool())) {
                count++;
                before.each(each);
                String problem = problem(each);
                if (problem != null) {
                    wrong.add("\n" + each + ": " + problem);
                }
            }
        }
        assertEquals(List.of(), wrong);
        return count;
    }

    /** Null if the case is answered as it should be. */
    private String problem(WireCases.Case each) throws IOException {
        WireCases.Answer wanted = each.wanted();
        if (each.isListed() && !wanted.isPattern() && wanted.equals(each.recorded())) {
            return "is listed as different, and is the same";
        }
        StringBuilder got = new StringBuilder();
        try (RawClient client = new RawClient(ports.get(each.pool()))) {
            client.send(each.send());
            boolean closed = wanted.after() == WireCases.State.CLOSED;
            boolean as = closed || readReply(client, wanted, got);
            if (as && !closed) {
                client.send(Resp.bytes(wanted.after() == WireCases.State.WAITS ? "\r\n" : probe));
            }
            if (as) {
                got.append(Resp.text(client.untilClose()));
                as = switch (wanted.after()) {
                    case CLOSED -> wanted.pattern("").matcher(got).matches();
                    case OPEN -> wanted.pattern(probeReply).matcher(got).matches();
                    case WAITS -> got.toString().startsWith(wanted.reply() + PROTOCOL_ERROR);
                };
            }
            return as ? null : describe(wanted, got.toString());
        } catch (IOException e) {
            return describe(wanted, got.toString()) + ", then " + e;
        }
    }

    private static String describe(WireCases.Answer wanted, String got) {
        return "expected " + Resp.show(Resp.bytes(wanted.reply())) + ", " + wanted.after() + "; got "
            + Resp.show(Resp.bytes(got));
    }

    /** Reads while it can still become what is wanted; true if it has. */
    private static boolean readReply(RawClient client, WireCases.Answer wanted, StringBuilder got) throws IOException {
        var matcher = wanted.pattern("").matcher(got);
        while (!matcher.reset().matches()) {
            if (!matcher.hitEnd()) {
                return false;
            }
            got.append(Resp.text(client.exactly(1)));
        }
        return true;
    }
}
