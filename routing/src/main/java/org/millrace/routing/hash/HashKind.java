package org.millrace.routing.hash;

import java.util.function.Supplier;

/** The table of key hashes: the name used in the configuration, and how to make one. */
public enum HashKind {
    /** Jenkins' one-at-a-time. */
    ONE_AT_A_TIME("one_at_a_time", OneAtATimeHash::new),
    /** First word of the MD5 digest. */
    MD5("md5", Md5Hash::new),
    /** CRC-16/CCITT, not cut to 16 bits. */
    CRC16("crc16", Crc16Hash::new),
    /** 15 bits of a CRC-32. */
    CRC32("crc32", Crc32Hash::new),
    /** CRC-32. */
    CRC32A("crc32a", Crc32aHash::new),
    /** Low word of the 64-bit FNV-1. */
    FNV1_64("fnv1_64", () -> new Fnv1Hash(Fnv.OFFSET_64_LOW, Fnv.PRIME_64_LOW)),
    /** Low word of the 64-bit FNV-1a. */
    FNV1A_64("fnv1a_64", () -> new Fnv1aHash(Fnv.OFFSET_64_LOW, Fnv.PRIME_64_LOW)),
    /** The 32-bit FNV-1. */
    FNV1_32("fnv1_32", () -> new Fnv1Hash(Fnv.OFFSET_32, Fnv.PRIME_32)),
    /** The 32-bit FNV-1a. */
    FNV1A_32("fnv1a_32", () -> new Fnv1aHash(Fnv.OFFSET_32, Fnv.PRIME_32)),
    /** Paul Hsieh's SuperFastHash. */
    HSIEH("hsieh", HsiehHash::new),
    /** MurmurHash2. */
    MURMUR("murmur", MurmurHash::new),
    /** Jenkins' lookup3. */
    JENKINS("jenkins", JenkinsHash::new);

    private final String configName;
    private final Supplier<KeyHash> factory;

    HashKind(String configName, Supplier<KeyHash> factory) {
        this.configName = configName;
        this.factory = factory;
    }

    /** The name in a configuration file. */
    public String configName() {
        return configName;
    }

    /** Makes an instance for use by one thread at a time. */
    public KeyHash newHash() {
        return factory.get();
    }

    /**
     * Finds a kind by its name in a configuration file.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static HashKind byName(String configName) {
        for (HashKind kind : values()) {
            if (kind.configName.equals(configName)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no hash is named \"" + configName + '"');
    }
}
