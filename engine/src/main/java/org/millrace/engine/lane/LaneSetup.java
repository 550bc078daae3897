package org.millrace.engine.lane;

import java.util.List;
import org.millrace.codec.FrameLimits;
import org.millrace.conf.HistogramsConfig;
import org.millrace.conf.LimitsConfig;
import org.millrace.conf.MillraceConfig;
import org.millrace.engine.client.PoolAccounts;
import org.millrace.engine.latency.HistogramRoom;
import org.millrace.engine.latency.Recorder;
import org.millrace.engine.link.LinkEvents;
import org.millrace.engine.ring.StageFaults;
import org.millrace.engine.share.Neighbours;
import org.millrace.engine.slow.SlowRequests;
import org.millrace.engine.topology.Snapshot;
import org.millrace.engine.traffic.TrafficRecorder;
import org.millrace.io.Endpoint;
import org.millrace.routing.Topology;

/**
 * What all lanes of a process have in common.
 *
 * @param config    the configuration
 * @param topology  who has which key
 * @param endpoints of the servers, by pool and server; an element is null while its name does not resolve
 * @param outside   how a lane reaches the rest of the process
 * @param accounts  memory held for each pool
 * @param lanes     how many there are
 * @param histograms room for those of latency, and for sketches of traffic
 * @param neighbours all of them, as far as they share links
 */
public record LaneSetup(MillraceConfig config, Topology topology, List<List<Endpoint>> endpoints,
    Lane.Outside outside, PoolAccounts accounts, int lanes, HistogramRoom histograms, Neighbours neighbours) {
    /** Values from this size on travel as slices and are never copied; below it copying is cheaper. */
    public static final int COPY_THRESHOLD = 16 << 10;

    /** Records that a request in the proxy may need on the heap: exchange, entry, places in tables. */
    private static final int HEAP_BYTES_PER_REQUEST = 256;

    /** Records of an idle client on the heap, and some room. */
    private static final int HEAP_BYTES_PER_CLIENT = 2048;

    /** Of one lane, or as many as the file says, with accounts that are empty. */
    public LaneSetup(MillraceConfig config, Topology topology, List<List<Endpoint>> endpoints, Lane.Outside outside) {
        this(config, topology, endpoints, outside, new PoolAccounts(config.pools().size()));
    }

    /** Of one lane, or as many as the file says. */
    public LaneSetup(MillraceConfig config, Topology topology, List<List<Endpoint>> endpoints, Lane.Outside outside,
        PoolAccounts accounts) {
        this(config, topology, endpoints, outside, accounts, Math.max(1, config.engine().lanes()),
            HistogramRoom.ofHeap(), new Neighbours(Math.max(1, config.engine().lanes()), true));
    }

    /** Of so many lanes. */
    public LaneSetup withLanes(int count) {
        return new LaneSetup(config, topology, endpoints, outside, accounts, count, histograms,
            new Neighbours(count, config.engine().lanes() > 0));
    }

    /** Pools and servers at first. */
    Snapshot snapshot() {
        return new Snapshot(topology, endpoints);
    }

    /** Most clients of a lane at a time: three eighths of the heap are for their records. */
    public int clientsMax() {
        long records = Runtime.getRuntime().maxMemory() / 8 * 3 / HEAP_BYTES_PER_CLIENT;
        return (int) Math.min(Integer.MAX_VALUE, records / lanes);
    }

    /** Most requests in a lane at a time: half of the heap is for their records. */
    int exchangesMax() {
        long records = Runtime.getRuntime().maxMemory() / 2 / HEAP_BYTES_PER_REQUEST;
        return (int) Math.min(Integer.MAX_VALUE, records / lanes);
    }

    /** The histograms of one half of a lane. */
    Recorder newRecorder() {
        return new Recorder(histograms, config.engine().histograms().latency());
    }

    /** What is sampled of the traffic of a lane. */
    TrafficRecorder newTrafficRecorder() {
        return new TrafficRecorder(histograms, config.engine().hotKeys());
    }

    /** The slow requests of one lane; none are noted where nothing is recorded, as their times are not known. */
    SlowRequests newSlowRequests() {
        HistogramsConfig latency = config.engine().histograms();
        return latency.latency() && latency.slowlogMaxLen() > 0
            ? SlowRequests.from(latency.slowlogLogSlowerThanUs() * 1_000L) : SlowRequests.none();
    }

    FrameLimits frameLimits() {
        LimitsConfig limits = config.engine().limits();
        return new FrameLimits(limits.maxMessage(), limits.maxBulk(), limits.maxArguments(), limits.maxReplyDepth(),
            limits.maxInline(), COPY_THRESHOLD);
    }

    LinkEvents linkEvents() {
        return outside;
    }

    StageFaults faults() {
        return outside;
    }
}
