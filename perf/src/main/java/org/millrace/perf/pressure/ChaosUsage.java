package org.millrace.perf.pressure;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.perf.server.RunningProxy;

/**
 * What a proxy has in use when nobody uses it.
 *
 * @param descriptors of its process
 * @param bytes       of buffers
 * @param queued      requests in queues of servers, and clients but the one that asks
 * @param broken      what must never happen: its own exceptions, and replies that belong to no request
 */
record ChaosUsage(int descriptors, long bytes, long queued, long broken) {
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** What io_uring keeps ready to receive into depends on the last moments; a leak would be one for each fault. */
    private static final long KEPT_READY_BYTES = 256 * 1024;
    private static final Pattern NUMBER = Pattern.compile("(\\w+)[:= ](\\d+)");
    private static final int DIGITS_MAX = 18;

    /** Before the load, when those who have set it up are gone. */
    static ChaosUsage settled(RunningProxy proxy, ChaosProtocol protocol, long patienceNs) throws IOException {
        long deadlineNs = System.nanoTime() + patienceNs;
        ChaosUsage usage = of(proxy, protocol);
        while (usage.queued > 0 && System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(LOOK_NS);
            usage = of(proxy, protocol);
        }
        return usage;
    }

    /** What is not as {@code before}, after {@code patienceNs} at the latest; empty if nothing. */
    static String leftBehind(RunningProxy proxy, ChaosProtocol protocol, ChaosUsage before, long patienceNs)
        throws IOException {
        long deadlineNs = System.nanoTime() + patienceNs;
        while (true) {
            String text = of(proxy, protocol).moreThan(before);
            if (text.isEmpty() || System.nanoTime() - deadlineNs >= 0) {
                return text;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private static ChaosUsage of(RunningProxy proxy, ChaosProtocol protocol) throws IOException {
        return read(protocol.figures(proxy.address()), ProcStatus.descriptors(proxy.pid()));
    }

    /** What INFO or {@code stats proxy} tell. */
    static ChaosUsage read(String figures, int descriptors) {
        long bytes = 0;
        long queued = -1;
        long broken = 0;
        Matcher each = NUMBER.matcher(figures);
        while (each.find()) {
            long value = each.group(2).length() > DIGITS_MAX ? Long.MAX_VALUE : Long.parseLong(each.group(2));
            switch (each.group(1)) {
                case "used_memory" -> bytes = value;
                case "connected_clients", "in_queue", "out_queue" -> queued += value;
                case "client_half_faults", "server_half_faults", "server_half_stray_replies" -> broken += value;
                default -> {
                    continue;
                }
            }
        }
        return new ChaosUsage(descriptors, bytes, queued, broken);
    }

    /** Empty if it is not. */
    String moreThan(ChaosUsage before) {
        StringBuilder text = new StringBuilder();
        if (descriptors > before.descriptors) {
            text.append(descriptors).append(" descriptors, ").append(before.descriptors).append(" before; ");
        }
        if (bytes > before.bytes + KEPT_READY_BYTES) {
            text.append(bytes).append(" bytes of buffers, ").append(before.bytes).append(" before; ");
        }
        if (queued > 0) {
            text.append(queued).append(" requests and clients; ");
        }
        if (broken > before.broken) {
            text.append(broken).append(" exceptions and replies to no request; ");
        }
        return text.toString();
    }
}
