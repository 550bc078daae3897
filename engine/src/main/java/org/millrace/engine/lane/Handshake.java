package org.millrace.engine.lane;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.conf.PoolConfig;
import org.millrace.conf.PoolLimits;
import org.millrace.engine.link.LinkOptions;

/** What a pool's links are to be like, and what is said first on each: AUTH before SELECT, on every kind of link. */
final class Handshake {
    private Handshake() {
    }

    static LinkOptions linkOptions(PoolConfig pool) {
        StringBuilder text = new StringBuilder();
        int replies = 0;
        if (pool.redisAuth() != null) {
            append(text, "AUTH", pool.redisAuth());
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

    private static void append(StringBuilder text, String command, String argument) {
        int length = argument.getBytes(StandardCharsets.UTF_8).length;
        text.append("*2\r\n$").append(command.length()).append("\r\n").append(command).append("\r\n$").append(length)
            .append("\r\n").append(argument).append("\r\n");
    }
}
