package org.millrace.perf.load;

import java.lang.management.ManagementFactory;

/**
 * CPU of this whole process for each request, compiler and collector too, from the first mark of a run to the last, so
 * that starting does not count. Used by one thread.
 */
final class CpuMeter {
    private static final double NS_PER_US = 1000;

    private long firstNs;
    private long firstRequests;
    private long lastNs;
    private long lastRequests;
    private boolean started;

    /** Takes long enough to load the classes that tell the CPU: not while it is measured. */
    CpuMeter() {
        processNs();
    }

    /** So many requests have been measured until now. */
    void mark(long requests) {
        mark(requests, processNs());
    }

    void mark(long requests, long cpuNs) {
        if (!started) {
            started = true;
            firstNs = cpuNs;
            firstRequests = requests;
        }
        lastNs = cpuNs;
        lastRequests = requests;
    }

    /** Microseconds, or 0 if nothing can be said. */
    double usPerRequest() {
        long requests = lastRequests - firstRequests;
        return requests == 0 ? 0 : (lastNs - firstNs) / NS_PER_US / requests;
    }

    private static long processNs() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getProcessCpuTime() : 0;
    }
}
