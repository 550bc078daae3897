package org.millrace.codec.memcached.command;

/** What a sharding proxy does with a command. */
public enum Treatment {
    /** Sent whole to the server of its key. */
    FORWARD,
    /** Split over the servers of its keys. */
    SCATTER,
    /** Sent to every server. */
    BROADCAST,
    /** Answered by the proxy. */
    LOCAL,
    /** Answered with an error that gives the reason. */
    REFUSE
}
