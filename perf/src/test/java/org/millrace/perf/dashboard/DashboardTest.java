package org.millrace.perf.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.conf.ConfigReader;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.perf.demo.Demo;
import org.millrace.perf.demo.DemoOptions;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalRedis;

/** The dashboard of a running demo, in a real browser. */
@Timeout(90)
@Tag("alone")
class DashboardTest {
    private static final String CHARTS = "['throughput', 'latency', 'stages', 'curve', 'heat']";
    /** A page is told each second. */
    private static final int UPDATE_MS = 2_000;
    private static final int KEYS_ASKED_FOR = 3_000;
    private static final int TAB = 9;
    private static final int TABS_MAX = 60;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** Elements with a text of their own that can be seen, with colours and size, as the page shows them. */
    private static final String TEXTS = """
        (() => {
          const parse = (text) => text.match(/[\\d.]+/g).map(Number);
          const luminance = (c) => c.slice(0, 3).map((v) => v / 255)
            .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const back = (element) => {
            for (let at = element; at; at = at.parentElement) {
              const c = parse(getComputedStyle(at).backgroundColor);
              if (c.length === 3 || c[3] === 1) { return c; }
            }
            throw new Error('nothing is behind it');
          };
          const ratio = (a, b) => {
            const [x, y] = [luminance(a), luminance(b)];
            return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
          };
          let seen = 0;
          const bad = [];
          for (const each of document.querySelectorAll('body *')) {
            const own = [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
            if (own && each.checkVisibility() && each.getClientRects().length > 0) {
              seen++;
              const found = ratio(parse(getComputedStyle(each).color), back(each));
              if (found < 4.5) { bad.push(each.tagName + ' ' + each.textContent + ' ' + found.toFixed(2)); }
            }
          }
          const surface = parse(getComputedStyle(document.querySelector('.card')).backgroundColor);
          for (const each of document.querySelectorAll('.swatch')) {
            const found = ratio(parse(getComputedStyle(each).backgroundColor), surface);
            if (found < 3) { bad.push('line ' + each.parentElement.textContent + ' ' + found.toFixed(2)); }
          }
          return [seen, ...bad];
        })()""";

    @TempDir
    private static Path folder;
    private static Demo demo;
    private static CompletableFuture<Boolean> running;
    private static Chromium browser;
    private static String url;

    private Page page;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Chromium.isInstalled(), "chromium is not installed");
        DemoOptions options = new DemoOptions(0, 1, FreePort.find(), 0, FreePort.find(), 2_000, null);
        url = "http://127.0.0.1:" + options.adminPort() + "/";
        demo = new Demo(options, new PrintStream(PrintStream.nullOutputStream()));
        running = CompletableFuture.supplyAsync(() -> {
            try {
                return demo.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }, task -> Thread.ofPlatform().daemon().start(task));
        awaitListener(options.adminPort());
        browser = new Chromium(folder);
        browser.saveTo(folder);
    }

    private static void awaitListener(int port) {
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        boolean there = false;
        while (!there) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "the demo does not serve its dashboard");
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                there = true;
            } catch (IOException e) {
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    @AfterAll
    static void end() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (demo != null) {
            demo.requestStop();
            assertTrue(running.get(LIMIT.toSeconds(), TimeUnit.SECONDS), "no request of the demo failed");
        }
    }

    @BeforeEach
    void open() {
        page = browser.open();
        page.resize(1440, 900, 1, false);
        open(url);
    }

    private void open(String address) {
        page.go(address);
        page.await("Boolean(window.millrace) && " + CHARTS + ".every((each) => window.millrace.points()[each] > 0)");
    }

    @AfterEach
    void shouldHaveNoComplaint() {
        page.close();
        assertEquals(List.of(), page.complaints().stream().filter(each -> !each.contains("about:blank")).toList());
    }

    @Test
    void shouldShowWhatIsMeasured() {
        page.await("document.querySelectorAll('#servers tbody tr').length === 4");
        page.await("[...document.querySelectorAll('#servers tbody tr')].every((row) =>"
            + " row.cells[2].textContent === 'live' && parseFloat(row.cells[4].textContent) > 1)");
        page.await("document.querySelector('#clients tbody').textContent.startsWith('demo')");
        page.await("document.querySelector('#lanes tbody tr').cells[1].textContent === '20'");
        page.await("Number(document.querySelector('.figure dd').textContent) > 500");
        assertEquals("live", page.value("document.getElementById('status').textContent"));
        assertEquals("demo", page.value("document.getElementById('pool').value"));
    }

    @Test
    void shouldBeUpdatedEachSecond() {
        int first = ((Number) page.value("window.millrace.last()")).intValue();
        page.value("window.beat = {n: window.millrace.last(), at: performance.now(), good: 0}; setInterval(() => {"
            + "if (window.millrace.last() > window.beat.n) { const now = performance.now();"
            + " window.beat = {n: window.millrace.last(), at: now,"
            + " good: now - window.beat.at < " + UPDATE_MS + " ? window.beat.good + 1 : 0}; } }, 20); true");
        page.await("window.beat.good >= 3");
        assertTrue(((Number) page.value("window.millrace.last()")).intValue() >= first + 3);
    }

    @Test
    void shouldLeadThroughEverythingByKeyboard() {
        List<?> expected = (List<?>) page.value("[...document.querySelectorAll('a, select, button, input, [tabindex]')]"
            + ".filter((each) => each.checkVisibility()).filter((each) => each.type !== 'radio' || each.checked)"
            + ".map((each) => { each.dataset.order = each.dataset.order ?? String(Math.random());"
            + " return each.dataset.order; })");
        List<Object> reached = new ArrayList<>();
        for (int i = 0; i < TABS_MAX && reached.size() < expected.size(); i++) {
            page.press("Tab", TAB);
            reached.add(page.value("document.activeElement.dataset.order ?? document.activeElement.outerHTML"));
            assertEquals(true, page.value("(() => { const each = document.activeElement;"
                + " const shown = getComputedStyle(each.type === 'radio' ? each.nextElementSibling : each);"
                + " return shown.outlineStyle === 'solid' && parseFloat(shown.outlineWidth) >= 2; })()"),
                () -> "no focus is seen on " + page.value("document.activeElement.outerHTML"));
        }
        assertEquals(expected, reached);
        page.value("document.querySelector('#range input').focus(); true");
        page.press("ArrowRight", 39);
        assertEquals("900", page.value("document.querySelector('#range input:checked').value"));
        page.value("document.querySelector('#latency .plot').focus(); true");
        Object last = page.value("document.querySelector('#latency .at').textContent");
        page.press("Home", 36);
        page.await("document.querySelector('#latency .at').textContent !== '" + last + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void shouldBeReadable(String theme) {
        page.prefer(theme);
        page.await("document.documentElement.dataset.theme === '" + theme + "'");
        String other = theme.equals("light") ? "dark" : "light";
        check(theme);
        page.value("document.querySelector('#theme input[value=" + other + "]').click(); true");
        page.await("document.documentElement.dataset.theme === '" + other + "'");
        page.value("document.querySelector('#theme input[value=auto]').click(); true");
        page.await("document.documentElement.dataset.theme === '" + theme + "'");
    }

    private void check(String theme) {
        List<?> found = (List<?>) page.value(TEXTS);
        assertTrue(((Number) found.getFirst()).intValue() > 80, "texts seen: " + found);
        assertEquals(List.of(), found.subList(1, found.size()), theme);
    }

    @Test
    void shouldFitAPhone() {
        page.resize(360, 740, 2, true);
        page.await("innerWidth === 360 && document.documentElement.scrollWidth <= 360");
        page.await("[...document.querySelectorAll('.plot canvas')].length === 5"
            + " && [...document.querySelectorAll('.plot canvas')].every((each) => each.clientWidth < 340)");
    }

    @Test
    void shouldSaveEveryChartAsCsvAndSvg() throws Exception {
        page.await("document.querySelectorAll('#servers tbody tr').length === 4");
        for (String id : List.of("throughput", "latency", "heat", "curve", "stages", "servers")) {
            page.value("document.querySelectorAll('#" + id + " .savers button').forEach((each) => each.click()); true");
            Path csv = saved("millrace-" + id + ".csv");
            List<String> lines = Files.readAllLines(csv);
            int columns = lines.getFirst().split(",").length;
            assertTrue(lines.size() > 2 && columns >= 2, () -> id + ": " + lines);
            assertEquals(columns, lines.get(1).split(",", -1).length, id);
            if (!id.equals("servers")) {
                Path svg = saved("millrace-" + id + ".svg");
                assertEquals("svg", DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile())
                    .getDocumentElement().getTagName());
                String text = Files.readString(svg);
                assertTrue(text.contains("<path d=\"M") || text.split("<rect").length > 8, id + ": " + text);
            }
        }
    }

    private static Path saved(String name) {
        Path file = folder.resolve(name);
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(file) && System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(10_000_000);
        }
        assertTrue(Files.exists(file), name + " was not saved");
        return file;
    }

    /** Names and keys are shown as they are, and never become a part of the page. */
    @Test
    void shouldShowNamesAndKeysThatAreMarkupAsTexts() throws Exception {
        String markup = "<img src=x onerror=hit()><script>hit()</script>";
        String get = "*2\r\n$3\r\nGET\r\n$" + markup.length() + "\r\n" + markup + "\r\n";
        int port = FreePort.find();
        int adminPort = FreePort.find();
        try (LocalRedis server = LocalRedis.start(); Millrace _ = Millrace.start(ConfigReader.read("test.yml",
            "millrace:\n  lanes: 1\n  admin: " + adminPort + "\n\"" + markup + "\":\n  listen: 127.0.0.1:" + port
                + "\n  redis: true\n  servers:\n    - 127.0.0.1:" + server.port() + ":1 s1\n"),
            new StartOptions("127.0.0.1", 0)); Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.getOutputStream().write(get.repeat(KEYS_ASKED_FOR).getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().readNBytes("$-1\r\n".length() * KEYS_ASKED_FOR);
            page.go("http://127.0.0.1:" + adminPort + "/");
            for (String table : List.of("clients", "hot")) {
                page.await("document.querySelector('#" + table + " tbody tr td .name')?.textContent === '" + markup
                    + "'");
            }
            page.await("document.getElementById('pool').value === '" + markup + "'");
            assertEquals(0L, ((Number) page.value("document.querySelectorAll('main img, main script').length"))
                .longValue());
            page.go(url);
        }
    }

    /** Pictures for the documentation, after a while in which something happens. */
    @Test
    void shouldBeDrawn() throws IOException {
        String target = System.getProperty("millrace.picture");
        Assumptions.assumeTrue(target != null, "made by perf/bin/dashboard-picture");
        page.await("window.millrace.last() > " + Integer.getInteger("millrace.picture.seconds", 120),
            Duration.ofSeconds(600));
        for (String theme : List.of("light", "dark")) {
            page.prefer(theme);
            page.resize(1440, 900, 1, false);
            page.await("document.documentElement.dataset.theme === '" + theme + "'");
            page.await("document.querySelector('.plot canvas').clientWidth > 400");
            Files.write(Path.of(target, "dashboard-" + theme + ".png"), page.picture(0));
            page.resize(390, 844, 2, true);
            page.await("document.querySelector('.plot canvas').clientWidth < 380");
            Files.write(Path.of(target, "dashboard-phone-" + theme + ".png"), page.picture(0));
        }
        assertNotEquals(0, Files.size(Path.of(target, "dashboard-light.png")));
    }
}
