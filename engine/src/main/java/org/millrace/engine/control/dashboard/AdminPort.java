package org.millrace.engine.control.dashboard;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.conf.AdminConfig;
import org.millrace.engine.control.AdminCounters;
import org.millrace.engine.control.EventLog;

/**
 * The admin port: the dashboard, by the JDK's own HTTP server. Connections, threads and subscribers are bounded; a
 * reader that does not take what it has asked for is closed.
 */
public final class AdminPort implements AutoCloseable {
    /** Connections at a time; further ones are closed at once. */
    static final int CONNECTIONS_MAX = 64;
    /** So many more than subscribers may be served at a time. */
    static final int OTHERS_MAX = 8;
    /** What a reader may need for what is written at once. */
    static final long SLOW_NS = 10_000_000_000L;

    private static final long LOOK_NS = 1_000_000_000;
    private static final int BACKLOG = 64;
    private static final int IDLE_S = 30;

    static {
        // the server reads these once, for all of the process; there is no other way to set them
        limit("jdk.httpserver.maxConnections", CONNECTIONS_MAX);
        limit("sun.net.httpserver.maxReqTime", 10);
        limit("sun.net.httpserver.maxReqHeaders", 64);
        limit("sun.net.httpserver.maxReqHeaderSize", 16 << 10);
    }

    private final InetSocketAddress address;
    private final AdminConfig config;
    private final History history;
    private final AdminHandler handler;
    private final SlowReaders slow;
    private final EventLog log;
    private final boolean shared;
    private final ThreadPoolExecutor threads;
    /** Null while another process, which is about to leave, has the address. */
    private HttpServer server;
    private boolean closed;
    private boolean told;

    /**
     * Binds and serves.
     *
     * @param shared whether another process that has the address is waited for
     * @throws IOException if the address cannot be bound, with a text that names it
     */
    public AdminPort(AdminConfig config, History history, AdminCounters counters, EventLog log, boolean shared)
        throws IOException {
        this(config, history, counters, log, shared, SLOW_NS);
    }

    AdminPort(AdminConfig config, History history, AdminCounters counters, EventLog log, boolean shared, long slowNs)
        throws IOException {
        this.config = config;
        this.history = history;
        this.log = log;
        this.shared = shared;
        address = new InetSocketAddress(InetAddress.getByName(config.admin().host()), config.admin().port());
        slow = new SlowReaders(counters, slowNs);
        handler = new AdminHandler(history, new AdminGuard(address.getAddress(), config.adminToken()), counters, slow);
        AtomicInteger number = new AtomicInteger();
        int most = AdminHandler.SUBSCRIBERS_MAX + OTHERS_MAX;
        // each connection has one request at a time, so that the queue is never full
        threads = new ThreadPoolExecutor(most, most, IDLE_S, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(CONNECTIONS_MAX), task -> Thread.ofPlatform().daemon()
                .name("millrace-admin-" + number.incrementAndGet()).unstarted(task));
        threads.allowCoreThreadTimeOut(true);
        bind();
    }

    private static void limit(String property, int most) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(most));
        }
    }

    private void bind() throws IOException {
        try {
            server = HttpServer.create(address, BACKLOG);
        } catch (BindException e) {
            if (!shared) {
                throw new IOException("cannot listen for the dashboard on " + config.admin() + ": " + e.getMessage()
                    + "; choose another with millrace.admin, or stop what uses it", e);
            }
            if (!told) {
                told = true;
                log.info("another process has the admin port " + config.admin() + "; it is taken when that one leaves");
            }
            return;
        }
        server.setExecutor(threads);
        server.createContext("/", handler);
        server.start();
    }

    /** Looks at the time; returns nanoseconds until the next look. Control thread. */
    public synchronized long look(long nowNs) {
        slow.look(nowNs);
        if (server == null && !closed) {
            try {
                bind();
            } catch (IOException e) {
                log.warn("admin port " + config.admin() + ": " + e.getMessage());
            }
        }
        return LOOK_NS;
    }

    /** Where a browser finds it. */
    public String url() {
        String host = address.getAddress().isAnyLocalAddress() ? "127.0.0.1" : config.admin().host();
        return "http://" + (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + address.getPort() + '/';
    }

    /** True if others than this machine can read it without saying anything. */
    public boolean isOpenToOthers() {
        return config.adminToken() == null && !address.getAddress().isLoopbackAddress();
    }

    @Override
    public synchronized void close() {
        closed = true;
        history.close();
        if (server != null) {
            server.stop(0);
        }
        threads.shutdownNow();
    }
}
