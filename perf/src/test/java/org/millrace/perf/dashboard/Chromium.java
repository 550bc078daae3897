package org.millrace.perf.dashboard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Chromium without a window, and the connection over which it is told what to do. */
final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final int LIMIT_S = 30;
    private static final String LISTENING = "DevTools listening on ";

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Map<String, Object>>> waiting = new ConcurrentHashMap<>();
    private final Map<String, BiConsumer<String, Map<String, Object>>> listeners = new ConcurrentHashMap<>();

    /** Started with a profile of its own below this folder. */
    Chromium(Path folder) throws IOException, InterruptedException {
        process = new ProcessBuilder(program().toString(), "--headless=new", "--no-sandbox", "--disable-gpu",
            "--disable-dev-shm-usage", "--disable-extensions", "--disable-background-networking", "--no-first-run",
            "--disable-component-update", "--hide-scrollbars", "--lang=en-GB", "--remote-debugging-port=0",
            "--user-data-dir=" + folder.resolve("profile"), "about:blank").redirectErrorStream(true).start();
        BufferedReader lines = process.inputReader();
        String line = lines.readLine();
        while (line != null && !line.startsWith(LISTENING)) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new IOException("the browser has ended with " + process.waitFor());
        }
        Thread.ofPlatform().daemon().start(() -> lines.lines().forEach(each -> { }));
        socket = http.newWebSocketBuilder().buildAsync(URI.create(line.substring(LISTENING.length())),
            new Listener()).join();
    }

    /** True if there is one on this machine. */
    static boolean isInstalled() {
        return find() != null;
    }

    private static Path program() throws IOException {
        Path found = find();
        if (found == null) {
            throw new IOException("no Chromium is installed");
        }
        return found;
    }

    private static Path find() {
        return NAMES.stream().flatMap(name -> Arrays.stream(System.getenv("PATH").split(":"))
            .map(folder -> Path.of(folder, name))).filter(Files::isExecutable).findFirst().orElse(null);
    }

    /** Puts the parts of messages together. */
    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String message = text.toString();
                text.setLength(0);
                onMessage(message);
            }
            from.request(1);
            return null;
        }
    }

    @SuppressWarnings("unchecked")
    private void onMessage(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(64 << 20);
        Map<String, Object> message = new Yaml(new SafeConstructor(options)).load(text);
        if (message.get("id") instanceof Integer id) {
            CompletableFuture<Map<String, Object>> call = waiting.remove(id);
            if (message.containsKey("error")) {
                call.completeExceptionally(new IOException(String.valueOf(message.get("error"))));
            } else {
                call.complete((Map<String, Object>) message.get("result"));
            }
        } else if (message.get("sessionId") instanceof String session && listeners.containsKey(session)) {
            listeners.get(session).accept((String) message.get("method"), (Map<String, Object>) message.get("params"));
        }
    }

    /**
     * Has it do something, and waits until it has.
     *
     * @param session    the page's; null if it is about none
     * @param parameters an object of JSON
     */
    Map<String, Object> call(String session, String method, String parameters) {
        int id = calls.incrementAndGet();
        CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        socket.sendText("{\"id\":" + id + (session == null ? "" : ",\"sessionId\":\"" + session + '"')
            + ",\"method\":\"" + method + "\",\"params\":" + parameters + '}', true).join();
        try {
            return answer.get(LIMIT_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(method, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(method + ' ' + parameters, e);
        }
    }

    /** A page of its own, empty as yet. */
    Page open() {
        Map<String, Object> target = call(null, "Target.createTarget", "{\"url\":\"about:blank\"}");
        Map<String, Object> attached = call(null, "Target.attachToTarget",
            "{\"targetId\":\"" + target.get("targetId") + "\",\"flatten\":true}");
        String session = (String) attached.get("sessionId");
        Page page = new Page(this, session, (String) target.get("targetId"));
        listeners.put(session, page::on);
        page.enable();
        return page;
    }

    /** Files that are saved go there. */
    void saveTo(Path folder) {
        call(null, "Browser.setDownloadBehavior", "{\"behavior\":\"allow\",\"downloadPath\":\"" + folder + "\"}");
    }

    @Override
    public void close() {
        try {
            call(null, "Browser.close", "{}");
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            http.shutdownNow();
            process.getInputStream().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
