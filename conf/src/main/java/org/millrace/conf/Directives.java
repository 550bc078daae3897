package org.millrace.conf;

import java.util.List;

/** The words that a configuration file may use. */
public final class Directives {
    /** Key hashes, in twemproxy's order. */
    public static final List<String> HASHES = List.of("one_at_a_time", "md5", "crc16", "crc32", "crc32a", "fnv1_64",
        "fnv1a_64", "fnv1_32", "fnv1a_32", "hsieh", "murmur", "jenkins");

    /** Distributions, in twemproxy's order. */
    public static final List<String> DISTRIBUTIONS = List.of("ketama", "modula", "random");

    /** How a lane talks to the system. */
    public static final List<String> TRANSPORTS = List.of("auto", "io_uring", "nio");

    /** How the stages of a lane are spread over threads. */
    public static final List<String> STAGE_THREADS = List.of("fused", "split");

    /** How a thread waits for the other one when {@code stage_threads} is {@code split}. */
    public static final List<String> WAIT_STRATEGIES = List.of("blocking", "sleeping", "yielding", "busy_spin");

    /** The keys of an ejected server go to the others. */
    public static final String REHASH = "rehash";

    /** What becomes of the keys of an ejected server. */
    public static final List<String> EJECT_MODES = List.of(REHASH, "fail_fast");

    /** Administrative commands: clients may give none. */
    public static final String ADMIN_NONE = "none";

    /** Administrative commands: clients may give all, those that change something too. */
    public static final String ADMIN_ALL = "all";

    /** Which administrative commands the clients of a pool may give. */
    public static final List<String> ADMIN_COMMANDS = List.of(ADMIN_NONE, "read", ADMIN_ALL);

    private Directives() {
    }
}
