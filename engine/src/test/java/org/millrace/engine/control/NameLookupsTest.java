package org.millrace.engine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.conf.AddressConfig;
import org.millrace.conf.ConfigReader;
import org.millrace.conf.MillraceConfig;
import org.millrace.io.Endpoint;
import org.millrace.routing.Topology;

/** Names are looked up side by side, and nobody waits for one that hangs. */
@Timeout(30)
class NameLookupsTest {
    private static final int NAMES = 50;
    private static final long LONG_NS = 20_000_000_000L;
    private static final long SHORT_NS = 50_000_000L;

    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final EventLog log = new EventLog(new PrintStream(text, true, StandardCharsets.UTF_8));
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch hanging = new CountDownLatch(1);

    private static MillraceConfig config(int names) {
        StringBuilder yaml = new StringBuilder("alpha:\n  listen: 127.0.0.1:22121\n  redis: true\n  servers:\n");
        IntStream.range(0, names).forEach(i -> yaml.append("    - s").append(i).append(".test:7000:1\n"));
        return ConfigReader.read("names.yml", yaml.toString());
    }

    private static List<AddressConfig> addresses(int names) {
        return config(names).pools().getFirst().servers().stream().map(server -> server.address()).toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(25, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Endpoint enter(AddressConfig address, CountDownLatch company) {
        asked.incrementAndGet();
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        company.countDown();
        await(company);
        inside.decrementAndGet();
        return Endpoint.tcp("127.0.0.1", address.port());
    }

    @Test
    void shouldLookUpManyNamesAtATimeButNoMoreThanTheLimit() throws InterruptedException {
        // nobody comes back before as many as may be are inside: one after another they would wait for ever
        CountDownLatch company = new CountDownLatch(NameLookups.AT_A_TIME);
        Map<AddressConfig, NameLookups.Answer> answers = new NameLookups(address -> enter(address, company), LONG_NS)
            .all(addresses(NAMES));
        assertEquals(NAMES, answers.size());
        assertEquals(NAMES, asked.get());
        assertEquals(NameLookups.AT_A_TIME, most.get());
    }

    @Test
    void shouldAskOnceForANameThatIsWantedTwice() throws InterruptedException {
        NameLookups lookups = new NameLookups(address -> enter(address, new CountDownLatch(0)), LONG_NS);
        List<AddressConfig> one = addresses(1);
        assertEquals(1, lookups.all(List.of(one.getFirst(), one.getFirst())).size());
        assertEquals(1, asked.get());
        lookups.all(one);
        assertEquals(2, asked.get(), "what was taken is not kept");
    }

    private Endpoint hangForTheFirst(AddressConfig address) throws UnknownHostException {
        if (address.host().equals("s0.test")) {
            asked.incrementAndGet();
            await(hanging);
        } else if (address.host().equals("s1.test")) {
            throw new UnknownHostException(address.host());
        }
        return Endpoint.tcp("127.0.0.1", address.port());
    }

    @Test
    void shouldStartWithoutANameThatHangsAndTakeItWhenItComes() {
        ServerNames names = new ServerNames(Topology.of(config(3), 1), this::hangForTheFirst, log, 0, SHORT_NS);
        assertNull(endpoint(names, 0));
        assertNull(endpoint(names, 1));
        assertEquals(Endpoint.tcp("127.0.0.1", 7000), endpoint(names, 2));
        String said = text.toString(StandardCharsets.UTF_8);
        assertTrue(said.contains("the name 's0.test' takes long to resolve; its requests get an error until"), said);
        assertTrue(said.contains("the name 's1.test' does not resolve"), said);
        names.watch(() -> { }, 0);
        long nowNs = 0;
        for (int i = 0; i < 3; i++) {
            nowNs += ServerNames.RETRY_NS;
            names.round(nowNs);
        }
        assertNull(endpoint(names, 0));
        assertEquals(1, asked.get(), "it is not asked for again while it is under way");
        hanging.countDown();
        long deadlineNs = System.nanoTime() + LONG_NS;
        while (endpoint(names, 0) == null && System.nanoTime() - deadlineNs < 0) {
            nowNs += ServerNames.RETRY_NS;
            names.round(nowNs);
        }
        assertEquals(Endpoint.tcp("127.0.0.1", 7000), endpoint(names, 0));
    }

    private static Endpoint endpoint(ServerNames names, int server) {
        return names.endpoints().getFirst().get(server);
    }
}
