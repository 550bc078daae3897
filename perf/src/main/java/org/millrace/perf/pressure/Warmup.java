package org.millrace.perf.pressure;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.millrace.perf.load.LoadConfig;
import org.millrace.perf.load.LoadGenerator;
import org.millrace.perf.load.LoadListener;
import org.millrace.perf.load.LoadResult;
import org.millrace.perf.load.Mix;

/** Ordinary load until a proxy has compiled what it runs and holds the memory that it holds at work. */
final class Warmup {
    private static final Mix MIX = Mix.parse("set=40,get=50,mget=5,mset=2,ping=3");
    private static final int CONNECTIONS = 50;
    private static final int[] PIPELINES = {64, 1, 16};
    private static final int LARGE = 64 * 1024;

    private Warmup() {
    }

    /**
     * Sends so many requests in three depths of pipeline, and a hundredth of them with larger values.
     *
     * @throws IOException if one of them fails: then nothing measured afterwards would be worth anything
     */
    static void run(InetSocketAddress target, long requests) throws IOException, InterruptedException {
        if (requests == 0) {
            return;
        }
        for (int pipeline : PIPELINES) {
            load(config(target, pipeline, Math.max(1, requests / PIPELINES.length)));
        }
        load(config(target, 1, Math.max(1, requests / 100)).valueSize(1, LARGE));
        // Small values again, so that no large one stays behind to be asked for.
        load(config(target, 16, Math.max(1, requests / PIPELINES.length)).mix(Mix.parse("set=1")));
    }

    /** Requests a second that {@code connections} clients get that each wait for their reply. */
    static double saturation(InetSocketAddress target, int connections, long durationNs)
        throws IOException, InterruptedException {
        return load(config(target, 1, 0).connections(connections).durationNs(durationNs)).requestsPerSecond();
    }

    private static LoadConfig config(InetSocketAddress target, int pipeline, long requests) {
        return new LoadConfig().target(target).connections(CONNECTIONS).pipeline(pipeline).requests(requests).mix(MIX)
            .keys(1000);
    }

    private static LoadResult load(LoadConfig config) throws IOException, InterruptedException {
        LoadResult result = new LoadGenerator(config).run(LoadListener.NONE);
        if (!result.isClean()) {
            throw new IOException("requests failed in the warm-up: " + result.failures() + ' ' + result.texts());
        }
        return result;
    }
}
