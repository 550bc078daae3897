package org.millrace.perf.dashboard;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.millrace.engine.control.JsonText;

/** One page of the browser. */
final class Page {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long LOOK_NS = 20_000_000;

    private final Chromium browser;
    private final String session;
    private final String target;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    Page(Chromium browser, String session, String target) {
        this.browser = browser;
        this.session = session;
        this.target = target;
    }

    void enable() {
        call("Runtime.enable", "{}");
        call("Log.enable", "{}");
        call("Page.enable", "{}");
    }

    private Map<String, Object> call(String method, String parameters) {
        return browser.call(session, method, parameters);
    }

    /** What the page, or the browser about the page, has said and should not have. */
    void on(String event, Map<String, Object> about) {
        switch (event) {
            case "Runtime.exceptionThrown" -> complaints.add(about.toString());
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning", "assert").contains(about.get("type"))) {
                    complaints.add(about.toString());
                }
            }
            case "Log.entryAdded" -> {
                if (about.get("entry") instanceof Map<?, ?> entry
                    && List.of("error", "warning").contains(entry.get("level"))) {
                    complaints.add(entry.toString());
                }
            }
            default -> { }
        }
    }

    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Closes it: a browser has six connections to one server, and each page takes one. */
    void close() {
        browser.call(null, "Target.closeTarget", "{\"targetId\":\"" + target + "\"}");
    }

    /** As large as this, in points. */
    void resize(int width, int height, double scale, boolean phone) {
        call("Emulation.setDeviceMetricsOverride", "{\"width\":" + width + ",\"height\":" + height
            + ",\"deviceScaleFactor\":" + scale + ",\"mobile\":" + phone + '}');
    }

    /** What the system of its reader prefers. */
    void prefer(String scheme) {
        call("Emulation.setEmulatedMedia", "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + scheme
            + "\"}]}");
    }

    void go(String url) {
        call("Page.navigate", "{\"url\":\"" + url + "\"}");
    }

    /** The value of an expression of JavaScript: a text, a number, a truth value, a list or a map. */
    Object value(String expression) {
        Map<String, Object> answer = call("Runtime.evaluate", "{\"returnByValue\":true,\"awaitPromise\":true,"
            + "\"expression\":\"" + JsonText.escape(expression) + "\"}");
        if (answer.containsKey("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + answer);
        }
        return ((Map<?, ?>) answer.get("result")).get("value");
    }

    /** Waits until this is true of the page. */
    void await(String expression) {
        await(expression, LIMIT);
    }

    void await(String expression, Duration limit) {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (!Boolean.TRUE.equals(value(expression))) {
            if (System.nanoTime() - deadlineNs >= 0) {
                fail("not within " + limit.toMillis() + " ms: " + expression + "; " + complaints + "; "
                    + value("document.body?.innerText"));
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** Presses a key and lets it go. */
    void press(String key, int code) {
        for (String kind : new String[] {"rawKeyDown", "keyUp"}) {
            call("Input.dispatchKeyEvent", "{\"type\":\"" + kind + "\",\"key\":\"" + key + "\",\"code\":\"" + key
                + "\",\"windowsVirtualKeyCode\":" + code + '}');
        }
    }

    /** A picture of the first so many points of its height, 0 for all. */
    byte[] picture(int height) {
        int width = ((Number) value("innerWidth")).intValue();
        int whole = height > 0 ? height : ((Number) value("document.documentElement.scrollHeight")).intValue();
        Map<String, Object> answer = call("Page.captureScreenshot", "{\"format\":\"png\",\"captureBeyondViewport\":"
            + "true,\"clip\":{\"x\":0,\"y\":0,\"width\":" + width + ",\"height\":" + whole + ",\"scale\":1}}");
        return Base64.getDecoder().decode((String) answer.get("data"));
    }
}
