package org.millrace.codec.resp.command;

import java.util.Locale;

/** What a sharding proxy does with a command. */
public enum Treatment {
    /** Sent whole to the server of its keys, which must all live on one server. */
    FORWARD("Sent to the server that holds its keys."),
    /** Split over the servers that hold its keys, the answers put together. */
    SCATTER("Split over the servers that hold its keys, the answers put together."),
    /** Answered by the proxy. */
    LOCAL("Answered by the proxy."),
    /** Answered with an error that gives the reason. */
    REFUSE("Not supported by this proxy.");

    private final String summary;

    Treatment(String summary) {
        this.summary = summary;
    }

    /** One sentence for people. */
    public String summary() {
        return summary;
    }

    /** The treatment of a word of the table, or null. */
    static Treatment of(String word) {
        for (Treatment treatment : values()) {
            if (treatment.name().toLowerCase(Locale.ROOT).equals(word)) {
                return treatment;
            }
        }
        return null;
    }
}
