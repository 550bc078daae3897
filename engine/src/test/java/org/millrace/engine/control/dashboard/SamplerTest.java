package org.millrace.engine.control.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.request;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.engine.control.AdminCounters;
import org.millrace.engine.control.LaneHandle;
import org.millrace.engine.control.ProcessState;
import org.millrace.engine.control.Reloads;
import org.millrace.engine.control.Totals;
import org.millrace.engine.control.metrics.LatencyMerge;
import org.millrace.engine.control.metrics.LatencyTotals;
import org.millrace.engine.kit.FakeConnection;
import org.millrace.engine.kit.LaneHarness;
import org.millrace.engine.kit.LaneMode;
import org.millrace.engine.kit.LaneSpec;
import org.millrace.engine.latency.SeriesKey;
import org.millrace.engine.latency.SeriesKind;
import org.millrace.io.CloseCause;

/** Each sample has what came since the last, and the state is made for those who look. */
@Timeout(60)
class SamplerTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long NOW_MS = 1_700_000_000_000L;

    private final LatencyTotals latency = new LatencyTotals(false, true);
    private final AdminCounters admin = new AdminCounters();
    private final History history = new History();
    private LaneHarness lane;
    private FakeConnection client;
    private LatencyMerge merge;
    private Sampler sampler;
    private long mergedNs;

    @BeforeEach
    void start() {
        lane = LaneSpec.lane().servers(2).start(LaneMode.FUSED);
        List<LaneHandle> handles = List.of(
            new LaneHandle(lane.lane(), lane.commands(), List.of(), List.of(lane.transport())));
        merge = new LatencyMerge(handles, latency);
        Totals totals = new Totals(handles);
        ProcessState process = new ProcessState("0.1.0", () -> true, new Reloads(), () -> 0, () -> 0, admin);
        State state = new State(totals, latency, process, new Panels(() -> "{\"hot\":1}", () -> "[\"slow\"]"), "nio",
            true);
        sampler = new Sampler(totals, latency, state, history, InstantSource.fixed(Instant.ofEpochMilli(NOW_MS)));
        client = lane.connect();
    }

    @AfterEach
    void stop() {
        lane.close();
    }

    /** A request to this server that takes so long, and histograms that know of it. */
    private void serve(int server, int milliseconds) {
        lane.send(client, request("GET", lane.keyOn(server)));
        lane.after(milliseconds);
        lane.reply(server, "$-1\r\n");
        client.take();
        mergedNs += SECOND_NS;
        merge.look(mergedNs, lane.lane().snapshot());
        lane.settle();
        merge.look(mergedNs + 1, lane.lane().snapshot());
    }

    private String sample() {
        return new String(history.after(history.last() - 1).getFirst().json(), StandardCharsets.UTF_8);
    }

    private String state() throws InterruptedException {
        return new String(history.await(0, 1).now(), StandardCharsets.UTF_8);
    }

    /** The numbers of the first member of this name. */
    private static List<Long> numbers(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\\[?([0-9,]+)").matcher(json);
        assertTrue(found.find(), name + " is not in " + json);
        return Pattern.compile(",").splitAsStream(found.group(1)).map(Long::valueOf).toList();
    }

    private static long number(String json, String name) {
        return numbers(json, name).getFirst();
    }

    @Test
    void shouldMakeASampleEachSecond() {
        assertEquals(SECOND_NS, sampler.look(5));
        assertEquals(1, history.count());
        assertEquals(SECOND_NS - 10, sampler.look(15));
        assertEquals(1, sampler.look(5 + SECOND_NS - 1));
        assertEquals(1, history.count());
        assertEquals(SECOND_NS, sampler.look(5 + SECOND_NS));
        // one that comes late tells how long it is
        sampler.look(5 + SECOND_NS + 2 * SECOND_NS);
        assertEquals(3, history.last());
        assertEquals(2_000, number(sample(), "d"));
        assertEquals(NOW_MS, number(sample(), "t"));
    }

    @Test
    void shouldHaveWhatCameSinceTheLast() {
        serve(0, 40);
        sampler.look(0);
        assertEquals(0, number(sample(), "r"), "before the first there is nothing to compare with");
        serve(0, 40);
        serve(1, 10);
        sampler.look(SECOND_NS);
        String text = sample();
        assertEquals(2, number(text, "r"));
        assertEquals(2, number(text, "n"));
        assertEquals(1, number(text, "c"));
        assertEquals(0, number(text, "f"));
        assertTrue(number(text, "b") > 0, text);
        List<Long> percentiles = numbers(text, "p");
        assertEquals(Sampler.PERCENTILES.length + 1, percentiles.size());
        assertEquals(10_000, percentiles.getFirst(), 100);
        assertEquals(40_000, percentiles.getLast(), 400);
        List<Long> heat = numbers(text, "h");
        assertEquals(List.of((long) HeatBuckets.of(10_000_000), 1L, (long) HeatBuckets.of(40_000_000), 1L), heat);
        assertEquals(250_000, number(text, "server"), 2_500, "tenths of a microsecond, the mean of 10 and 40 ms");
        sampler.look(2 * SECOND_NS);
        assertEquals(0, number(sample(), "r"));
        assertFalse(sample().contains("\"n\":"), "nothing was measured: " + sample());
        assertFalse(sample().contains("\"server\":"), sample());
    }

    @Test
    void shouldCountWhatTheProxyAnsweredWithAnError() {
        sampler.look(0);
        lane.send(client, request("GET", lane.keyOn(0)));
        lane.server(0).link().end(CloseCause.RESET);
        lane.settle();
        assertTrue(client.take().startsWith("-"), "an error");
        sampler.look(SECOND_NS);
        assertEquals(1, number(sample(), "f"), sample());
    }

    @Test
    void shouldMakeTheStateForThoseWhoLook() throws InterruptedException {
        sampler.look(0);
        assertEquals("", state(), "nobody looks");
        assertTrue(admin.enter(1));
        serve(1, 20);
        sampler.look(SECOND_NS);
        String text = state();
        assertTrue(text.contains("\"version\":\"0.1.0\",\"transport\":\"nio\",\"ready\":true,\"recorded\":true"), text);
        assertTrue(text.contains("\"hot_keys\":{\"hot\":1},\"slow_log\":[\"slow\"]}"), text);
        assertEquals(State.NINES * State.POINTS_PER_NINE + 1, numbers(text, "curve").size());
        List<String> servers = new ArrayList<>(List.of(text.split("\\{\"name\":")));
        servers.removeIf(each -> !each.contains("\"ejected\":"));
        assertEquals(2, servers.size(), text);
        assertEquals(1_000, number(servers.get(0), "keys") + number(servers.get(1), "keys"), 1);
        assertTrue(number(servers.get(0), "keys") > 100 && number(servers.get(1), "keys") > 100, text);
        assertEquals(0, number(servers.get(0), "requests"));
        assertEquals(1, number(servers.get(1), "requests"));
        assertEquals(20_000, number(servers.get(1), "us"), 200);
        admin.leave();
        sampler.look(2 * SECOND_NS);
        assertEquals("", state());
    }

    @Test
    void shouldTellWhoIsEjected() throws InterruptedException {
        assertTrue(admin.enter(1));
        sampler.look(0);
        assertFalse(state().contains("\"ejected\":true"), state());
        lane.eject(1);
        sampler.look(SECOND_NS);
        String text = state();
        assertTrue(text.contains("\"ejected\":true"), text);
        assertTrue(text.contains("\"keys\":1000") && text.contains("\"keys\":0"), "all keys are the other's: " + text);
    }

    /** Of a pool as a whole, and once. */
    @Test
    void shouldTakeWhatIsNotShownYet() {
        serve(0, 5);
        List<String> taken = new ArrayList<>();
        latency.takeUnshown((key, values) -> taken.add(key.kind() + " " + values.getTotalCount()));
        assertTrue(taken.containsAll(List.of("REQUEST 1", "SERVER 1", "LINK_WAIT 1", "ORDER_WAIT 1")),
            taken.toString());
        assertEquals(taken.stream().distinct().toList(), taken, "neither of servers nor of families");
        latency.takeUnshown((key, values) -> taken.add("again"));
        assertFalse(taken.contains("again"));
        LatencyTotals unasked = new LatencyTotals(false);
        unasked.add(new SeriesKey(SeriesKind.REQUEST, "alpha", null, null), 7);
        unasked.takeUnshown((key, values) -> taken.add("unasked"));
        assertFalse(taken.contains("unasked"), "it would be kept for nobody");
    }
}
