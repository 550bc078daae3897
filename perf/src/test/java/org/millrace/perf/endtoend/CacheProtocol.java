package org.millrace.perf.endtoend;

/** The words of a protocol for writing a key and reading it, for tests that are the same in each protocol. */
enum CacheProtocol {
    REDIS("true") {
        @Override
        byte[] set(String key, String value) {
            return Resp.request("SET", key, value);
        }

        @Override
        byte[] get(String key) {
            return Resp.request("GET", key);
        }

        @Override
        String stored() {
            return "+OK\r\n";
        }

        @Override
        String missing() {
            return "$-1\r\n";
        }

        @Override
        String found(String key, String value) {
            return "$" + value.length() + "\r\n" + value + "\r\n";
        }
    },
    MEMCACHED("false") {
        @Override
        byte[] set(String key, String value) {
            return MemcachedKit.bytes("set " + key + " 0 0 " + value.length() + "\r\n" + value + "\r\n");
        }

        @Override
        byte[] get(String key) {
            return MemcachedKit.bytes("get " + key + "\r\n");
        }

        @Override
        String stored() {
            return "STORED\r\n";
        }

        @Override
        String missing() {
            return "END\r\n";
        }

        @Override
        String found(String key, String value) {
            return MemcachedKit.value(key, value) + "END\r\n";
        }
    };

    private final String redis;

    CacheProtocol(String redis) {
        this.redis = redis;
    }

    /** The value of a pool's directive {@code redis}. */
    String redis() {
        return redis;
    }

    /** A request that writes. */
    abstract byte[] set(String key, String value);

    /** A request that reads. */
    abstract byte[] get(String key);

    /** The reply to the one, where it was done. */
    abstract String stored();

    /** The reply to the other, where the key is not there. */
    abstract String missing();

    /** The reply to the other, where the key is there. */
    abstract String found(String key, String value);
}
