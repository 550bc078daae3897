package org.millrace.perf.load;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.millrace.perf.client.ReplyCursor;
import org.millrace.perf.client.RequestWriter;

/** The commands that the load generator sends to Redis. Adding a command is adding a constant here. */
public enum RedisCommand implements LoadCommand {
    /** The value of one key, or nothing. */
    GET(2, "GET") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            w.key(out, w.readId(token, 0));
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return w.isValueOrNull(reply, w.readId(token, 0));
        }
    },
    /** A new version of one key's value. */
    SET(3, "SET") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            w.key(out, w.keyId(token, 0));
            w.value(out, w.keyId(token, 0), token);
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return reply.is('+', Workload.OK);
        }
    },
    /** A new version for the old one. */
    GETSET(3, "GETSET") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            w.key(out, w.keyId(token, 0));
            w.value(out, w.keyId(token, 0), token);
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return w.isValueOrNull(reply, w.keyId(token, 0));
        }
    },
    /** The values of ten keys in their order. */
    MGET(1 + Workload.MULTI_KEYS, "MGET") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            for (int i = 0; i < Workload.MULTI_KEYS; i++) {
                w.key(out, w.readId(token, i));
            }
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            boolean good = reply.type() == '*' && reply.number() == Workload.MULTI_KEYS;
            for (int i = 0; good && i < Workload.MULTI_KEYS; i++) {
                good = w.isValueOrNull(reply.next(), w.readId(token, i));
            }
            return good;
        }
    },
    /** New versions of ten keys' values. */
    MSET(1 + 2 * Workload.MULTI_KEYS, "MSET") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            for (int i = 0; i < Workload.MULTI_KEYS; i++) {
                w.key(out, w.keyId(token, i));
                w.value(out, w.keyId(token, i), token + i);
            }
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return reply.is('+', Workload.OK);
        }
    },
    /** Removes one key. */
    DEL(2, "DEL") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            w.key(out, w.keyId(token, 0));
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return Workload.isZeroOrOne(reply);
        }
    },
    /** Whether one key is there. */
    EXISTS(2, "EXISTS") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            w.key(out, w.readId(token, 0));
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return Workload.isZeroOrOne(reply);
        }
    },
    /** Counts on one of the counters. */
    INCR(2, "INCR") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            out.numberedKey(Workload.COUNTER_PREFIX, w.keyId(token, 0));
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return reply.type() == ':' && reply.number() > 0;
        }
    },
    /** Sets the one field of a hash. */
    HSET(4, "HSET") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            out.numberedKey(Workload.HASH_PREFIX, w.keyId(token, 0)).bulk(Workload.FIELD);
            w.value(out, w.keyId(token, 0), token);
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return Workload.isZeroOrOne(reply);
        }
    },
    /** The one field of a hash. */
    HGET(3, "HGET") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            out.numberedKey(Workload.HASH_PREFIX, w.readId(token, 0)).bulk(Workload.FIELD);
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return w.isValueOrNull(reply, w.readId(token, 0));
        }
    },
    /** Needs no key; a proxy answers it itself. */
    PING(1, "PING") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            // No arguments.
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return reply.is('+', Workload.PONG);
        }
    },
    /** Comes back with its own value, so even its place in the order is checked. */
    ECHO(2, "ECHO") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            w.value(out, token, token);
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return reply.isBulk() && reply.number() == w.valueSize(token) && Workload.isValue(reply, token);
        }
    };

    private final byte[] head;

    RedisCommand(int arguments, String name) {
        head = ("*" + arguments + "\r\n$" + name.length() + "\r\n" + name + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String lowerName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public int keys() {
        return this == MGET || this == MSET ? Workload.MULTI_KEYS : 1;
    }

    @Override
    public final void encode(RequestWriter out, long token, Workload workload) {
        body(out.raw(head), token, workload);
    }

    @Override
    public final boolean isRight(byte[] b, int from, int to, long token, Workload workload) {
        return verify(workload.cursor(b, from), token, workload);
    }

    abstract void body(RequestWriter out, long token, Workload w);

    /** Whether {@code reply}, with the cursor on its first element, may answer the request of {@code token}. */
    abstract boolean verify(ReplyCursor reply, long token, Workload w);
}
