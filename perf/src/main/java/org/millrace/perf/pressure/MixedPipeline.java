package org.millrace.perf.pressure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import org.millrace.perf.client.ReplyCursor;
import org.millrace.perf.client.SimpleClient;

/**
 * One pipeline whose requests go to a hung server and to healthy ones by turns: all replies come, each in its place, an
 * error for the hung one.
 *
 * @param kept whether it was so
 * @param text what was seen
 */
record MixedPipeline(boolean kept, String text) {
    private static final int PAIRS = 200;
    /** Beyond the timeout of the pool: what the machine may add. */
    private static final long SLACK_MS = 500;

    /**
     * Runs it while the fault lasts.
     *
     * @param timeoutMs the pool's
     */
    static MixedPipeline run(InetSocketAddress proxy, Fault fault, List<String> hung, List<String> healthy,
        long timeoutMs) throws IOException {
        try (SimpleClient client = new SimpleClient(proxy, (int) timeoutMs + 10_000)) {
            for (int i = 0; i < PAIRS; i++) {
                client.call("SET", healthy.get(i % healthy.size()), "before-" + i % healthy.size());
            }
            fault.begin();
            try {
                return pipeline(client, hung, healthy, timeoutMs);
            } finally {
                fault.end();
            }
        }
    }

    private static MixedPipeline pipeline(SimpleClient client, List<String> hung, List<String> healthy,
        long timeoutMs) throws IOException {
        for (int i = 0; i < PAIRS; i++) {
            client.out().array(2).bulk("GET").bulk(hung.get(i % hung.size()));
            client.out().array(2).bulk("GET").bulk(healthy.get(i % healthy.size()));
        }
        long beganNs = System.nanoTime();
        client.flush();
        int wrong = 0;
        String first = "";
        String error = "";
        for (int i = 0; i < 2 * PAIRS; i++) {
            ReplyCursor reply = client.read();
            boolean good = i % 2 == 0 ? reply.type() == '-' : reply.isBulk()
                && reply.text().equals("before-" + i / 2 % healthy.size());
            error = i % 2 == 0 && error.isEmpty() ? reply.text() : error;
            if (!good && wrong++ == 0) {
                first = "; first at " + i + ": " + (char) reply.type() + reply.text();
            }
        }
        double tookMs = (System.nanoTime() - beganNs) / 1e6;
        boolean inTime = tookMs >= timeoutMs * 0.9 && tookMs <= timeoutMs + SLACK_MS;
        return new MixedPipeline(wrong == 0 && inTime, String.format(Locale.ROOT,
            "pipeline of %d requests, every other to the hung server: %d replies wrong or out of place%s; all there "
            + "after %.0f ms (timeout %d ms), the hung ones with \"%s\"",
            2 * PAIRS, wrong, first, tookMs, timeoutMs, error));
    }
}
