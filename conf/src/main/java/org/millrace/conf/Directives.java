package org.millrace.conf;

import java.util.List;

/** The words that a configuration file may use. */
public final class Directives {
    /** Key hashes, in twemproxy's order. */
    public static final List<String> HASHES = List.of("one_at_a_time", "md5", "crc16", "crc32", "crc32a", "fnv1_64",
        "fnv1a_64", "fnv1_32", "fnv1a_32", "hsieh", "murmur", "jenkins");

    /** Distributions, in twemproxy's order. */
    public static final List<String> DISTRIBUTIONS = List.of("ketama", "modula", "random");

    private Directives() {
    }
}
