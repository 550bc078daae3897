package org.millrace.perf.load;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * What a load run does; set what differs from the defaults, then hand it over and leave it alone. {@link #validate}
 * tells what cannot be.
 */
public final class LoadConfig {
    private static final int CLOSED_PIPELINE = 1;
    private static final int OPEN_PIPELINE = 1024;
    private static final int FILL_CONNECTIONS = 8;
    private static final int FILL_PIPELINE = 32;

    private InetSocketAddress target = new InetSocketAddress("127.0.0.1", 22121);
    private int connections = 50;
    private int pipeline;
    private double ratePerSecond;
    private long requests;
    private long durationNs;
    private long warmupNs;
    private long rampNs;
    private boolean fill;
    private long timeoutNs = TimeUnit.SECONDS.toNanos(5);
    private long keys = 10_000;
    private LoadProtocol protocol = LoadProtocol.REDIS;
    private KeyDistribution keyDistribution = KeyDistribution.UNIFORM;
    private double hitRatio = 1;
    private ValueSizes valueSizes = ValueSizes.range(64, 64);
    private Mix mix = Mix.parse(Mix.DEFAULT);
    private long seed = 1;
    private int threads = 1;
    private boolean spin;
    private LoadTransport transport = LoadTransport.AUTO;

    /** Server or proxy to send to. */
    public LoadConfig target(InetSocketAddress value) {
        target = value;
        return this;
    }

    /** Connections over all threads. */
    public LoadConfig connections(int value) {
        connections = value;
        return this;
    }

    /** Most requests in flight on a connection; 0 = 1 in closed loop, 1024 in open loop. */
    public LoadConfig pipeline(int value) {
        pipeline = value;
        return this;
    }

    /** Open loop at this rate over all connections; 0 = closed loop. */
    public LoadConfig ratePerSecond(double value) {
        ratePerSecond = value;
        return this;
    }

    /** End after so many measured requests; 0 = no such end. */
    public LoadConfig requests(long value) {
        requests = value;
        return this;
    }

    /** End after this time without the warm-up; 0 = no such end. */
    public LoadConfig durationNs(long value) {
        durationNs = value;
        return this;
    }

    /** Time at the start that is not measured; its replies are verified all the same. */
    public LoadConfig warmupNs(long value) {
        warmupNs = value;
        return this;
    }

    /**
     * Time before the warm-up in which an open loop's rate rises evenly from nothing, and a closed loop's connections
     * join one after the other.
     */
    public LoadConfig rampNs(long value) {
        rampNs = value;
        return this;
    }

    /** Whether each key is written once before the run. */
    public LoadConfig fill(boolean value) {
        fill = value;
        return this;
    }

    /** A request without an answer for so long is an error and its connection is closed and opened anew. */
    public LoadConfig timeoutNs(long value) {
        timeoutNs = value;
        return this;
    }

    /** Keys that are used. */
    public LoadConfig keys(long value) {
        keys = value;
        return this;
    }

    /** How often each key comes. */
    public LoadConfig keyDistribution(KeyDistribution value) {
        keyDistribution = value;
        return this;
    }

    /** Share of reads that ask for a key that may be there; the others ask for keys that nobody ever writes. */
    public LoadConfig hitRatio(double value) {
        hitRatio = value;
        return this;
    }

    /** Bytes of a value, both bounds included. */
    public LoadConfig valueSize(int min, int max) {
        return valueSizes(ValueSizes.range(min, max));
    }

    /** Bytes of values. */
    public LoadConfig valueSizes(ValueSizes value) {
        valueSizes = value;
        return this;
    }

    /** What the target speaks; the mix must be of its commands. */
    public LoadConfig protocol(LoadProtocol value) {
        protocol = value;
        return this;
    }

    /** Commands and their weights. */
    public LoadConfig mix(Mix value) {
        mix = value;
        return this;
    }

    /** The same seed sends the same requests. */
    public LoadConfig seed(long value) {
        seed = value;
        return this;
    }

    /** Threads that send and receive. */
    public LoadConfig threads(int value) {
        threads = value;
        return this;
    }

    /**
     * Open loop: never sleep, so that a request leaves within a microsecond of its time; costs a core for each thread.
     */
    public LoadConfig spin(boolean value) {
        spin = value;
        return this;
    }

    /** How it talks to the system. */
    public LoadConfig transport(LoadTransport value) {
        transport = value;
        return this;
    }

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException that says which value is not possible and what is
     */
    public LoadConfig validate() {
        check(threads >= 1 && threads <= 256, "threads must be from 1 to 256");
        check(connections >= threads && connections <= 100_000,
            "connections must be from the number of threads to 100000");
        check(pipeline >= 0 && pipeline <= 65_536, "pipeline must be from 1 to 65536");
        check(ratePerSecond >= 0 && ratePerSecond <= 1e8, "rate must be at most 100 million/s");
        check(requests >= 0, "requests must not be negative");
        check(durationNs >= 0 && warmupNs >= 0 && rampNs >= 0, "times must not be negative");
        check(requests > 0 || durationNs > 0, "either requests or a duration is needed, or the run has no end");
        check(timeoutNs >= TimeUnit.MILLISECONDS.toNanos(10), "timeout must be at least 10ms");
        check(keys >= 1 && keys <= 1L << 32, "keys must be from 1 to 4294967296");
        check(hitRatio >= 0 && hitRatio <= 1, "hit ratio must be from 0 to 1");
        check(mix.isOf(protocol), "mix " + mix + " is not of commands of " + protocol.lowerName());
        return this;
    }

    InetSocketAddress target() {
        return target;
    }

    int connections() {
        return connections;
    }

    int pipeline() {
        return pipeline > 0 ? pipeline : ratePerSecond > 0 ? OPEN_PIPELINE : CLOSED_PIPELINE;
    }

    double ratePerSecond() {
        return ratePerSecond;
    }

    /** What writes each key once: in sequence, as fast as it goes. */
    LoadConfig filling() {
        return new LoadConfig().target(target).protocol(protocol).mix(Mix.parse(protocol, "set")).keys(keys)
            .keyDistribution(KeyDistribution.SEQUENTIAL).valueSizes(valueSizes).timeoutNs(timeoutNs).seed(seed)
            .connections((int) Math.min(FILL_CONNECTIONS, keys)).pipeline(FILL_PIPELINE).requests(keys)
            .transport(transport);
    }

    boolean isFilling() {
        return fill;
    }

    long rampNs() {
        return rampNs;
    }

    long requests() {
        return requests;
    }

    long durationNs() {
        return durationNs;
    }

    long warmupNs() {
        return warmupNs;
    }

    long timeoutNs() {
        return timeoutNs;
    }

    long keys() {
        return keys;
    }

    /** What the target speaks. */
    public LoadProtocol protocol() {
        return protocol;
    }

    KeyDistribution keyDistribution() {
        return keyDistribution;
    }

    double hitRatio() {
        return hitRatio;
    }

    ValueSizes valueSizes() {
        return valueSizes;
    }

    Mix mix() {
        return mix;
    }

    long seed() {
        return seed;
    }

    int threads() {
        return threads;
    }

    boolean isSpinning() {
        return spin;
    }

    LoadTransport transport() {
        return transport;
    }

    /** One line for the top of a report. */
    @Override
    public String toString() {
        return (ratePerSecond > 0 ? "open loop at " + Math.round(ratePerSecond) + "/s" : "closed loop") + " to "
            + target.getHostString() + ':' + target.getPort() + ", " + connections + " connections on " + threads
            + " thread(s), pipeline " + pipeline() + ", " + keys + " keys (" + keyDistribution
            + "), values of " + valueSizes + " bytes, " + protocol.lowerName() + " mix " + mix + ", seed " + seed;
    }

    private static void check(boolean condition, String text) {
        if (!condition) {
            throw new IllegalArgumentException(text);
        }
    }
}
