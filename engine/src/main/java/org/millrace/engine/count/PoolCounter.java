package org.millrace.engine.count;

/**
 * What is counted for a pool, in twemproxy's names and order. Each half of a lane has a set of its own: the client half
 * writes all but the fragments, the server half those.
 */
public enum PoolCounter {
    CLIENT_EOF("client_eof", "# eof on client connections"),
    CLIENT_ERR("client_err", "# errors on client connections"),
    CLIENT_CONNECTIONS("client_connections", "# active client connections"),
    SERVER_EJECTS("server_ejects", "# times backend server was ejected"),
    FORWARD_ERROR("forward_error", "# times we encountered a forwarding error"),
    FRAGMENTS("fragments", "# fragments created from a multi-vector request");

    private final String label;
    private final String description;

    PoolCounter(String label, String description) {
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
