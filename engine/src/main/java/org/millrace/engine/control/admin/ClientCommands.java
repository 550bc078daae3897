package org.millrace.engine.control.admin;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.millrace.conf.Credentials;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.client.ClientRow;
import org.millrace.engine.control.EventLog;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.control.Totals;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.resp.ReplyText;
import org.millrace.routing.PoolTopology;

/** CLIENT LIST and CLIENT KILL: the clients of a pool, on whatever lanes they are. */
public final class ClientCommands {
    /** One answer tells of so many clients at most; CLIENT_LIST_CUT counts the others. */
    static final int LISTED_MAX = 10_000;
    /** So many walks through all clients at a time. */
    static final int WALKS_MAX = 8;

    private static final String BUSY = "ERR the lanes have too much to do, ask again";
    private static final long NS_PER_S = 1_000_000_000L;

    private final List<LaneHandle> lanes;
    private final Totals totals;
    private final Predicate<Runnable> control;
    private final EventLog log;
    private final int listedMax;
    private final AtomicInteger walks = new AtomicInteger();

    /**
     * Of a process.
     *
     * @param control the queue of the control thread
     */
    public ClientCommands(List<LaneHandle> lanes, Totals totals, Predicate<Runnable> control, EventLog log) {
        this(lanes, totals, control, log, LISTED_MAX);
    }

    /** With answers of so many clients at most. */
    ClientCommands(List<LaneHandle> lanes, Totals totals, Predicate<Runnable> control, EventLog log, int listedMax) {
        this.listedMax = listedMax;
        this.lanes = lanes;
        this.totals = totals;
        this.control = control;
        this.log = log;
    }

    /** Has them answered. */
    public void register(AdminCommands commands) {
        commands.put("client|list", this::list);
        commands.put("client|kill", this::kill);
    }

    private void list(AdminCall call) {
        ClientFilter filter;
        try {
            filter = ClientFilter.ofList(call);
        } catch (BadWordException e) {
            call.error(e.getMessage());
            return;
        }
        String user = user(call);
        // by id: a client that comes before its lane twice is one
        ConcurrentSkipListMap<Long, String> lines = new ConcurrentSkipListMap<>();
        AtomicInteger listed = new AtomicInteger();
        AtomicInteger omitted = new AtomicInteger();
        walk(call, (row, half) -> {
            if (filter.matches(row, call.client(), user)) {
                add(row, half, user, lines, listed, omitted);
            }
            return false;
        }, () -> {
            StringBuilder text = new StringBuilder();
            lines.values().forEach(line -> text.append(line).append('\n'));
            if (omitted.get() > 0) {
                text.append("more=").append(omitted.get()).append('\n');
            }
            call.reply(new ReplyText().bulk(text.toString()));
        });
    }

    private void add(ClientRow row, ClientHalfState half, String user,
        ConcurrentSkipListMap<Long, String> lines, AtomicInteger listed, AtomicInteger omitted) {
        if (listed.incrementAndGet() <= listedMax) {
            lines.put(row.id(), line(row, user));
        } else {
            omitted.incrementAndGet();
            half.counters().increment(ClientHalfCounter.CLIENT_LIST_CUT);
        }
    }

    /** Redis's own line, as far as a proxy has what it tells; the lane and the outstanding requests behind it. */
    private static String line(ClientRow row, String user) {
        return "id=" + row.id() + " addr=" + row.address() + " laddr=" + row.localAddress() + " fd=-1 name="
            + row.name() + " age=" + row.ageNs() / NS_PER_S + " idle=" + row.idleNs() / NS_PER_S + " flags="
            + (row.localAddress().startsWith("/") ? 'U' : 'N') + " db=0 sub=0 psub=0 ssub=0 multi=-1 omem="
            + row.unsentBytes() + " tot-mem=" + row.heldBytes() + " events=" + (row.read() ? "r" : "")
            + (row.unsentBytes() > 0 ? "w" : "") + " user=" + user + " redir=-1 resp=2 lib-name=" + row.library()
            + " lib-ver=" + row.libraryVersion() + " lane=" + row.lane() + " outstanding=" + row.outstanding();
    }

    private void kill(AdminCall call) {
        boolean oldForm = call.words() == 1;
        ClientFilter filter;
        try {
            filter = oldForm ? ClientFilter.ofAddress(call.text(0)) : ClientFilter.ofKill(call);
        } catch (BadWordException e) {
            call.error(e.getMessage());
            return;
        }
        String user = user(call);
        AtomicInteger killed = new AtomicInteger();
        AtomicBoolean asker = new AtomicBoolean();
        walk(call, (row, half) -> {
            if (!filter.matches(row, call.client(), user)) {
                return false;
            }
            if (row.id() == call.client()) {
                // it gets its answer first
                asker.set(true);
                return false;
            }
            killed.incrementAndGet();
            return true;
        }, () -> {
            int count = killed.get() + (asker.get() ? 1 : 0);
            if (count > 0) {
                log.info("CLIENT KILL by client " + call.client() + " of pool " + name(call) + " has closed " + count
                    + (count == 1 ? " client" : " clients"));
            }
            if (!oldForm) {
                call.reply(new ReplyText().integer(count), asker.get());
            } else if (count == 0) {
                call.error("ERR No such client");
            } else {
                call.reply(new ReplyText().status("OK"), asker.get());
            }
        });
    }

    /** Shows all clients of the pool; the end is the control thread's, as it may take a while to write it down. */
    private void walk(AdminCall call, ClientWalk.Visitor visitor, Runnable end) {
        if (walks.incrementAndGet() > WALKS_MAX) {
            walks.decrementAndGet();
            call.error(BUSY);
            return;
        }
        ClientWalk.begin(lanes, call.pool(), visitor, complete -> {
            walks.decrementAndGet();
            if (!complete || !control.test(end)) {
                call.error(BUSY);
            }
        });
    }

    private String user(AdminCall call) {
        PoolConfig pool = pool(call);
        Credentials auth = pool == null ? null : pool.auth();
        return auth == null || auth.user() == null ? "default" : auth.user();
    }

    private String name(AdminCall call) {
        PoolConfig pool = pool(call);
        return pool == null ? "that is gone" : pool.name();
    }

    private PoolConfig pool(AdminCall call) {
        PoolTopology pool = totals.topology().pool(call.pool());
        return pool == null ? null : pool.config();
    }
}
