package org.millrace.perf.pressure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.millrace.perf.client.SimpleClient;
import org.millrace.perf.server.LocalRedis;

/** One of the servers is stopped by SIGSTOP: it takes connections and bytes and answers nothing. */
final class HungServer implements Fault {
    private static final long BACK_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int TIMEOUT_MS = 5_000;

    private final LocalRedis server;
    private final InetSocketAddress proxy;
    private final String key;
    private double backMs;

    /** The fault of this server, on which {@code key} lives. */
    HungServer(LocalRedis server, InetSocketAddress proxy, String key) {
        this.server = server;
        this.proxy = proxy;
        this.key = key;
    }

    @Override
    public String name() {
        return "hung-server";
    }

    @Override
    public String title() {
        return "requests to three servers while the fourth hangs (SIGSTOP)";
    }

    @Override
    public void begin() throws IOException {
        Signals.stop(server.pid());
    }

    @Override
    public void end() throws IOException {
        Signals.resume(server.pid());
        long beganNs = System.nanoTime();
        while (true) {
            try (SimpleClient client = new SimpleClient(proxy, TIMEOUT_MS)) {
                client.call("GET", key);
                backMs = (System.nanoTime() - beganNs) / 1e6;
                return;
            } catch (IOException e) {
                if (System.nanoTime() - beganNs > BACK_NS) {
                    throw new IOException("the server goes on and the proxy does not reach it", e);
                }
                LockSupport.parkNanos(LOOK_NS);
            }
        }
    }

    @Override
    public String traces() {
        return String.format(Locale.ROOT, "answers %.0f ms after SIGCONT", backMs);
    }
}
