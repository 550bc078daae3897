package org.millrace.engine.control.dashboard;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.millrace.engine.control.AdminCounters;

/**
 * Answers one request: a file of the page, the history, or a stream of what comes. Threads of the admin port; none of
 * them keeps anything of a request.
 */
final class AdminHandler implements HttpHandler {
    /** Those who are told each second. */
    static final int SUBSCRIBERS_MAX = 16;

    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;
    /** After so long a silent stream says that it is there, so that nobody in between closes it. */
    private static final long SILENT_MS = 10_000;
    private static final String JSON = "application/json; charset=utf-8";
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
        + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final History history;
    private final AdminGuard guard;
    private final AdminCounters counters;
    private final SlowReaders slow;
    private final Assets assets = new Assets();

    AdminHandler(History history, AdminGuard guard, AdminCounters counters, SlowReaders slow) {
        this.history = history;
        this.guard = guard;
        this.counters = counters;
        this.slow = slow;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            protect(exchange.getResponseHeaders());
            Headers asked = exchange.getRequestHeaders();
            boolean reads = exchange.getRequestMethod().equals("GET") || exchange.getRequestMethod().equals("HEAD");
            if (!guard.isHost(asked.getFirst("Host"))) {
                counters.countRefused();
                text(exchange, FORBIDDEN, "This port answers to localhost and 127.0.0.1 only.\n");
            } else if (!guard.isAllowed(asked.getFirst("Authorization"))) {
                counters.countRefused();
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"millrace\", charset=\"UTF-8\"");
                text(exchange, UNAUTHORIZED, "The password is the admin_token of the configuration.\n");
            } else if (!reads) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                text(exchange, NOT_ALLOWED, "Nothing can be changed here.\n");
            } else {
                answer(exchange, exchange.getRequestURI().getPath());
            }
        }
    }

    private static void protect(Headers headers) {
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cache-Control", "no-cache");
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        if (path.equals("/history")) {
            byte[] json = historyJson();
            boolean packs = isPacked(exchange);
            body(exchange, OK, JSON, packs ? Assets.packed(json) : json, packs);
        } else if (path.equals("/events")) {
            stream(exchange);
        } else {
            file(exchange, assets.of(path));
        }
    }

    private void file(HttpExchange exchange, Assets.Asset asset) throws IOException {
        if (asset == null) {
            text(exchange, NOT_FOUND, "There is no such page.\n");
            return;
        }
        exchange.getResponseHeaders().set("ETag", asset.tag());
        if (asset.tag().equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(NOT_MODIFIED, -1);
        } else {
            boolean packs = isPacked(exchange);
            body(exchange, OK, asset.type(), packs ? asset.packed() : asset.bytes(), packs);
        }
    }

    private static boolean isPacked(HttpExchange exchange) {
        String encodings = exchange.getRequestHeaders().getFirst("Accept-Encoding");
        return encodings != null && encodings.contains("gzip");
    }

    private byte[] historyJson() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(history.bytes());
        out.write('[');
        boolean first = true;
        for (Sample each : history.after(0)) {
            if (!first) {
                out.write(',');
            }
            first = false;
            out.writeBytes(each.json());
        }
        out.write(']');
        return out.toByteArray();
    }

    private void text(HttpExchange exchange, int code, String text) throws IOException {
        body(exchange, code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), false);
    }

    private void body(HttpExchange exchange, int code, String type, byte[] bytes, boolean packed) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Vary", "Accept-Encoding");
        if (packed) {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        }
        slow.begin();
        try {
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
                exchange.sendResponseHeaders(code, -1);
            } else {
                exchange.sendResponseHeaders(code, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        } finally {
            slow.end();
        }
    }

    /** Tells what comes, until the reader leaves or this process ends; from where the reader was, if it was here. */
    private void stream(HttpExchange exchange) throws IOException {
        if (!counters.enter(SUBSCRIBERS_MAX)) {
            exchange.getResponseHeaders().set("Retry-After", "10");
            text(exchange, UNAVAILABLE, "So many pages are open already.\n");
            return;
        }
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(OK, 0);
            tell(exchange.getResponseBody(), from(exchange));
        } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException("the port is closed").initCause(e);
        } finally {
            counters.leave();
        }
    }

    private void tell(OutputStream out, long from) throws IOException, InterruptedException {
        long told = from;
        write(out, "retry: 1000\n\n".getBytes(StandardCharsets.UTF_8));
        History.News news = history.await(told, SILENT_MS);
        while (news != null) {
            write(out, event(news));
            told = news.samples().isEmpty() ? told : news.samples().getLast().number();
            news = history.await(told, SILENT_MS);
        }
    }

    private static byte[] event(History.News news) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (news.samples().isEmpty()) {
            ascii(out, ":\n\n");
        }
        for (Sample each : news.samples()) {
            ascii(out, "event: sample\nid: " + each.number() + "\ndata: ");
            out.writeBytes(each.json());
            ascii(out, "\n\n");
        }
        if (news.now().length > 0) {
            ascii(out, "event: state\ndata: ");
            out.writeBytes(news.now());
            ascii(out, "\n\n");
        }
        return out.toByteArray();
    }

    private static void ascii(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void write(OutputStream out, byte[] bytes) throws IOException {
        slow.begin();
        try {
            out.write(bytes);
            out.flush();
        } finally {
            slow.end();
        }
    }

    /** A number of another process is greater than any here, or means nothing: then from the last sample on. */
    private long from(HttpExchange exchange) {
        String id = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        List<String> asked = List.of((exchange.getRequestURI().getQuery() == null ? ""
            : exchange.getRequestURI().getQuery()).split("after=", 2));
        String number = id != null ? id : asked.size() == 2 ? asked.getLast() : "";
        long last = history.last();
        return number.matches("\\d{1,15}") && Long.parseLong(number) <= last ? Long.parseLong(number)
            : Math.max(0, last - 1);
    }
}
