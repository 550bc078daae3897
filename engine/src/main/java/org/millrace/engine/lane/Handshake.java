package org.millrace.engine.lane;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.conf.Credentials;
import org.millrace.conf.PoolConfig;
import org.millrace.conf.PoolLimits;
import org.millrace.conf.ServerConfig;
import org.millrace.engine.link.LinkOptions;

/** What a pool's links are to be like, and what is said first on each: AUTH before SELECT, on every kind of link. */
final class Handshake {
    private Handshake() {
    }

    static LinkOptions linkOptions(PoolConfig pool, ServerConfig server) {
        StringBuilder text = new StringBuilder();
        int replies = 0;
        Credentials auth = pool.authFor(server);
        if (auth != null) {
            if (auth.user() == null) {
                append(text, "AUTH", auth.password());
            } else {
                append(text, "AUTH", auth.user(), auth.password());
            }
            replies++;
        }
        if (pool.redisDb() > 0) {
            append(text, "SELECT", Integer.toString(pool.redisDb()));
            replies++;
        }
        UnsafeBuffer bytes = new UnsafeBuffer(text.toString().getBytes(StandardCharsets.UTF_8));
        PoolLimits limits = pool.limits();
        return new LinkOptions(pool.serverConnections(), timeNs(pool.timeoutMs()), limits.serverMaxQueue(),
            limits.serverMaxUnsent(), limits.clientMaxBytes(), timeNs(limits.queueTimeoutMs()), bytes, replies);
    }

    private static long timeNs(int ms) {
        return ms > 0 ? ms * 1_000_000L : Long.MAX_VALUE;
    }

    private static void append(StringBuilder text, String... words) {
        text.append('*').append(words.length).append("\r\n");
        for (String word : words) {
            text.append('$').append(word.getBytes(StandardCharsets.UTF_8).length).append("\r\n").append(word)
                .append("\r\n");
        }
    }
}
