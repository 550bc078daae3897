package org.millrace.engine;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.millrace.engine.control.ServerNames;

/**
 * What a process asks the world around it, so that somebody else can answer.
 *
 * @param names       where servers are
 * @param machineLoad how busy the machine's processors are: a share of all, negative if that is not known
 * @param clock       of the lanes and of what is decided by their loads: nanoseconds, monotonic, asked by any thread
 */
public record Surroundings(ServerNames.Lookup names, DoubleSupplier machineLoad, LongSupplier clock) {
    /** The real world, but for the names. */
    Surroundings(ServerNames.Lookup names) {
        this(names, ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)::getCpuLoad, System::nanoTime);
    }

    /** The real world, but for the load of the machine and the clock. */
    public Surroundings(DoubleSupplier machineLoad, LongSupplier clock) {
        this(new Resolver(), machineLoad, clock);
    }
}
