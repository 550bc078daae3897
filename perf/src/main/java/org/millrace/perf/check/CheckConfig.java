package org.millrace.perf.check;

import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What a check does; set what differs from the defaults, then hand it over and leave it alone. */
public final class CheckConfig {
    private InetSocketAddress target = new InetSocketAddress("127.0.0.1", 22121);
    private int connections = 50;
    private int threads = 1;
    private int maxPipeline = 64;
    private int maxValueSize = 1024 * 1024;
    private long requests = 1_000_000;
    private long seed = 1;
    private long timeoutNs = TimeUnit.SECONDS.toNanos(30);
    private long maxWrong = 1000;
    private Set<CheckCommand> skip = EnumSet.noneOf(CheckCommand.class);

    /** Server or proxy to check. */
    public CheckConfig target(InetSocketAddress value) {
        target = value;
        return this;
    }

    /** Connections over all threads. */
    public CheckConfig connections(int value) {
        connections = value;
        return this;
    }

    /** Threads that send and receive. */
    public CheckConfig threads(int value) {
        threads = value;
        return this;
    }

    /** Most requests that a connection has in flight. */
    public CheckConfig maxPipeline(int value) {
        maxPipeline = value;
        return this;
    }

    /** Largest value; values near it are rare. */
    public CheckConfig maxValueSize(int value) {
        maxValueSize = value;
        return this;
    }

    /** Requests over all connections. */
    public CheckConfig requests(long value) {
        requests = value;
        return this;
    }

    /** The same seed sends the same requests on each connection. */
    public CheckConfig seed(long value) {
        seed = value;
        return this;
    }

    /** A request without an answer for so long ends its connection's part of the check, and the check has failed. */
    public CheckConfig timeoutNs(long value) {
        timeoutNs = value;
        return this;
    }

    /** The check ends early after so many wrong replies. */
    public CheckConfig maxWrong(long value) {
        maxWrong = value;
        return this;
    }

    /** Commands not to send. */
    public CheckConfig skip(Set<CheckCommand> value) {
        skip = value.isEmpty() ? EnumSet.noneOf(CheckCommand.class) : EnumSet.copyOf(value);
        return this;
    }

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException that says which value is not possible and what is
     */
    public CheckConfig validate() {
        check(threads >= 1 && threads <= 256, "threads must be from 1 to 256");
        check(connections >= threads && connections <= 100_000,
            "connections must be from the number of threads to 100000");
        check(maxPipeline >= 1 && maxPipeline <= 65_536, "pipeline must be from 1 to 65536");
        check(maxValueSize >= 64 && maxValueSize <= 64 * 1024 * 1024, "the largest value must be from 64 to 64m");
        check(requests >= 1, "requests must be at least 1");
        check(timeoutNs >= TimeUnit.MILLISECONDS.toNanos(10), "timeout must be at least 10ms");
        check(maxWrong >= 1, "max-wrong must be at least 1");
        check(skip.size() < CheckCommand.values().length, "at least one command must be left");
        return this;
    }

    InetSocketAddress target() {
        return target;
    }

    int connections() {
        return connections;
    }

    int threads() {
        return threads;
    }

    int maxPipeline() {
        return maxPipeline;
    }

    int maxValueSize() {
        return maxValueSize;
    }

    long requests() {
        return requests;
    }

    long seed() {
        return seed;
    }

    long timeoutNs() {
        return timeoutNs;
    }

    long maxWrong() {
        return maxWrong;
    }

    Set<CheckCommand> skip() {
        return skip;
    }

    /** One line for the top of a report. */
    @Override
    public String toString() {
        return requests + " requests to " + target.getHostString() + ':' + target.getPort() + ", " + connections
            + " connections on " + threads + " thread(s), pipeline 1.." + maxPipeline + ", values of 0.." + maxValueSize
            + " bytes, seed " + seed;
    }

    private static void check(boolean condition, String text) {
        if (!condition) {
            throw new IllegalArgumentException(text);
        }
    }
}
