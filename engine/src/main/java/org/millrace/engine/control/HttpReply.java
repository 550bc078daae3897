package org.millrace.engine.control;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What the stats port answers to HTTP: the JSON or another page, or why not. */
final class HttpReply {
    private static final String OK = "200 OK";
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    private static final String NOT_FOUND = "the counters are at / and at /stats, metrics at /metrics, and whether the "
        + "process is well at /healthz and /readyz\n";

    private HttpReply() {
    }

    /** The answer to a whole head. */
    static ByteBuffer to(HttpHead head, StatsPages pages) {
        boolean headOnly = head.method().equals("HEAD");
        if (!headOnly && !head.method().equals("GET")) {
            return bytes("405 Method Not Allowed", "Allow: GET, HEAD\r\n", TEXT, "only GET and HEAD\n", false);
        }
        if (head.path().equals("/") || head.path().equals("/stats")) {
            return bytes(OK, "", JSON, pages.json(), headOnly);
        }
        StatsPages.Page page = pages.page(head.path(), head.accept());
        return page == null ? bytes("404 Not Found", "", TEXT, NOT_FOUND, headOnly)
            : bytes(page.status(), "", page.type(), page.text(), headOnly);
    }

    /** The answer to a head that did not become whole in time. */
    static ByteBuffer tooLate() {
        return bytes("408 Request Timeout", "", TEXT, "the request was not whole in time\n", false);
    }

    /** The answer to a head that is too long. */
    static ByteBuffer tooLong() {
        return bytes("431 Request Header Fields Too Large", "", TEXT, "the request's head is too long\n", false);
    }

    /** The answer when there is none. */
    static ByteBuffer failed() {
        return bytes("500 Internal Server Error", "", TEXT, "the counters could not be read; see the log\n", false);
    }

    private static ByteBuffer bytes(String status, String more, String type, String text, boolean headOnly) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
            + "\r\nConnection: close\r\nCache-Control: no-store\r\n" + more + "\r\n")
            .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer all = ByteBuffer.allocate(head.length + body.length).put(head);
        return (headOnly ? all : all.put(body)).flip();
    }
}
