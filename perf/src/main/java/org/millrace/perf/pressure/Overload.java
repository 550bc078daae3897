package org.millrace.perf.pressure;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.millrace.perf.client.SimpleClient;
import org.millrace.perf.report.JsonObject;
import org.millrace.perf.server.ProxyLauncher;
import org.millrace.perf.server.ProxyYaml;
import org.millrace.perf.server.RunningProxy;

/** More load than the server can serve: how many good answers remain, and how long the admitted wait. */
public final class Overload {
    private static final long CALM_LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long CALM_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int CALM_ANSWERS = 3;
    private static final int KEYS = 1000;

    private final OverloadOptions options;
    private final PrintStream progress;
    private final List<OverloadPart> parts = new ArrayList<>();

    /** A measurement that tells its progress to {@code progress}. */
    public Overload(OverloadOptions options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Measures with {@code timeout} alone and, if wanted, with {@code queue_timeout}. */
    public void run(ProxyLauncher launcher, ProxyYaml yaml) throws IOException, InterruptedException {
        ProxyYaml plain = yaml.copy().pool("timeout", String.valueOf(options.timeoutMs()));
        part(launcher, plain, new OverloadPart(options, false));
        if (options.queueTimeoutMs() > 0) {
            part(launcher, plain.copy().pool("queue_timeout", String.valueOf(options.queueTimeoutMs())),
                new OverloadPart(options, true));
        }
    }

    private void part(ProxyLauncher launcher, ProxyYaml yaml, OverloadPart part)
        throws IOException, InterruptedException {
        try (RateLimitedServer server = new RateLimitedServer(options.serverRate());
            RunningProxy proxy = launcher.start(yaml, List.of(server.port()))) {
            RequestSource source = new SmallRequests(IntStream.range(0, KEYS).mapToObj(i -> "key:" + i).toList());
            double[] factors = options.factors();
            // What the JVM compiles is compiled before the first measurement.
            load(proxy, factors[0], source, options.warmupNs());
            for (double factor : factors) {
                calm(proxy);
                part.add(factor, load(proxy, factor, source, options.durationNs()));
                progress.println(part.name() + ' ' + part.line(part.size() - 1));
            }
        }
        parts.add(part);
    }

    private OpenLoopStats load(RunningProxy proxy, double factor, RequestSource source, long durationNs)
        throws IOException {
        return new OpenLoop(new OpenLoopOptions(proxy.address(), options.connections(), factor * options.serverRate(),
            options.inFlight(), options.warmupNs(), durationNs, 1, true), source).run();
    }

    /** Waits until what the load before left behind is served. */
    private void calm(RunningProxy proxy) throws IOException {
        long deadlineNs = System.nanoTime() + CALM_LIMIT_NS;
        int quick = 0;
        while (quick < CALM_ANSWERS) {
            long beganNs = System.nanoTime();
            try (SimpleClient client = new SimpleClient(proxy.address(), options.timeoutMs() + 5_000)) {
                client.call("GET", "key:" + quick);
                quick = System.nanoTime() - beganNs < CALM_NS ? quick + 1 : 0;
            } catch (IOException e) {
                quick = 0;
                if (System.nanoTime() - deadlineNs > 0) {
                    throw new IOException("no answer within a minute after the load had gone", e);
                }
                LockSupport.parkNanos(CALM_NS);
            }
        }
    }

    /** Whether all promises were kept. */
    public boolean isKept() {
        return parts.stream().allMatch(OverloadPart::isKept);
    }

    /** Tables and criteria. */
    public String report() {
        StringBuilder text = new StringBuilder(subtitle()).append("\n\n");
        parts.forEach(each -> text.append(each.report()).append('\n'));
        return text.toString();
    }

    /** The drawings by name of the part. */
    public Map<String, String> drawings() {
        Map<String, String> drawings = new LinkedHashMap<>();
        parts.forEach(each -> drawings.put(each.name(), each.svg(subtitle())));
        return drawings;
    }

    /** What was found, for programs. */
    public JsonObject json() {
        return new JsonObject().put("kept", isKept()).put("setup", subtitle())
            .put("parts", parts.stream().map(OverloadPart::json).toList());
    }

    private String subtitle() {
        return String.format(Locale.ROOT, "a server of %,.0f replies/s; open loop, %d connections with at most %d "
            + "requests on the way each", options.serverRate(), options.connections(), options.inFlight());
    }
}
