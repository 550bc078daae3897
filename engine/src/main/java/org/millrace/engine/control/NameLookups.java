package org.millrace.engine.control;

import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.millrace.conf.AddressConfig;
import org.millrace.io.Endpoint;

/**
 * Looks up names, several at a time, and waits for all of them no longer than a deadline. What comes later is found
 * by whoever asks for the same name next; until then it is not asked for again, so there are never more lookups than
 * names.
 *
 * <p>The threads are the system's: the resolver's call blocks the thread that carries a virtual one, and two names
 * that hang would stop all the others on a machine of two processors.
 */
final class NameLookups {
    /** Names that are looked up at a time. */
    static final int AT_A_TIME = 16;
    private static final long IDLE_SECONDS = 5;

    private final ServerNames.Lookup lookup;
    private final long deadlineNs;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(AT_A_TIME, AT_A_TIME, IDLE_SECONDS,
        TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
        Thread.ofPlatform().name("millrace-lookup-", 0).daemon().factory());
    private final Map<AddressConfig, FutureTask<List<Endpoint>>> under = new ConcurrentHashMap<>();

    NameLookups(ServerNames.Lookup lookup, long deadlineNs) {
        this.lookup = lookup;
        this.deadlineNs = deadlineNs;
        threads.allowCoreThreadTimeOut(true);
    }

    /** What came of one: its addresses, or why there are none. */
    record Answer(List<Endpoint> found, Exception fault) {
        /** True if it is known that nothing has this name. */
        boolean isUnknown() {
            return fault instanceof UnknownHostException;
        }
    }

    /** Looks these up. Any thread. Those that are not known in time are not among the answers. */
    Map<AddressConfig, Answer> all(Collection<AddressConfig> addresses) throws InterruptedException {
        Map<AddressConfig, FutureTask<List<Endpoint>>> asked = new LinkedHashMap<>();
        for (AddressConfig address : addresses) {
            asked.computeIfAbsent(address, each -> under.computeIfAbsent(each, this::begin));
        }
        long endNs = System.nanoTime() + deadlineNs;
        Map<AddressConfig, Answer> answers = new HashMap<>();
        for (Map.Entry<AddressConfig, FutureTask<List<Endpoint>>> each : asked.entrySet()) {
            try {
                // one that is done is taken whatever the time
                long leftNs = Math.max(0, endNs - System.nanoTime());
                answers.put(each.getKey(), new Answer(each.getValue().get(leftNs, TimeUnit.NANOSECONDS), null));
            } catch (ExecutionException e) {
                answers.put(each.getKey(), new Answer(List.of(), e.getCause() instanceof Exception cause ? cause : e));
            } catch (TimeoutException e) {
                continue;
            }
            under.remove(each.getKey(), each.getValue());
        }
        return answers;
    }

    private FutureTask<List<Endpoint>> begin(AddressConfig address) {
        FutureTask<List<Endpoint>> task = new FutureTask<>(() -> lookup.resolveAll(address));
        threads.execute(task);
        return task;
    }
}
