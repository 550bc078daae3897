package org.millrace.engine.count;

/** What is counted for a server, in twemproxy's names and order. Written by the server half. */
public enum ServerCounter {
    SERVER_EOF("server_eof", "# eof on server connections"),
    SERVER_ERR("server_err", "# errors on server connections"),
    SERVER_TIMEDOUT("server_timedout", "# timeouts on server connections"),
    SERVER_CONNECTIONS("server_connections", "# active server connections"),
    SERVER_EJECTED_AT("server_ejected_at", "timestamp when server was ejected in usec since epoch"),
    REQUESTS("requests", "# requests"),
    REQUEST_BYTES("request_bytes", "total request bytes"),
    RESPONSES("responses", "# responses"),
    RESPONSE_BYTES("response_bytes", "total response bytes"),
    IN_QUEUE("in_queue", "# requests in incoming queue"),
    IN_QUEUE_BYTES("in_queue_bytes", "current request bytes in incoming queue"),
    OUT_QUEUE("out_queue", "# requests in outgoing queue"),
    OUT_QUEUE_BYTES("out_queue_bytes", "current request bytes in outgoing queue");

    private final String label;
    private final String description;

    ServerCounter(String label, String description) {
        this.label = label;
        this.description = description;
    }

    /** twemproxy's name. */
    public String label() {
        return label;
    }

    public String description() {
        return description;
    }
}
