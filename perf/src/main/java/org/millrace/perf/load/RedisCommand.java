package org.millrace.perf.load;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.millrace.perf.client.ReplyCursor;
import org.millrace.perf.client.RequestWriter;

/** The commands that the load generator sends to Redis. Adding a command is adding a constant here. */
public enum RedisCommand implements LoadCommand {
    /** The value of one key, or nothing. */
    GET(2, "GET", Workload.KEY) {
        @Override
        public void encode(RequestWriter out, long token, Workload w) {
            begin(out, w.readId(token, 0));
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return w.isValueOrNull(reply, w.readId(token, 0));
        }
    },
    /** A new version of one key's value. */
    SET(3, "SET", Workload.KEY) {
        @Override
        public void encode(RequestWriter out, long token, Workload w) {
            begin(out, w.keyId(token, 0));
            w.value(out, w.keyId(token, 0), token);
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return reply.is('+', Workload.OK);
        }
    },
    /** A new version for the old one. */
    GETSET(3, "GETSET", Workload.KEY) {
        @Override
        public void encode(RequestWriter out, long token, Workload w) {
            begin(out, w.keyId(token, 0));
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
        public void encode(RequestWriter out, long token, Workload w) {
            out.raw(head());
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
        public void encode(RequestWriter out, long token, Workload w) {
            out.raw(head());
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
    DEL(2, "DEL", Workload.KEY) {
        @Override
        public void encode(RequestWriter out, long token, Workload w) {
            begin(out, w.keyId(token, 0));
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return Workload.isZeroOrOne(reply);
        }
    },
    /** Whether one key is there. */
    EXISTS(2, "EXISTS", Workload.KEY) {
        @Override
        public void encode(RequestWriter out, long token, Workload w) {
            begin(out, w.readId(token, 0));
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return Workload.isZeroOrOne(reply);
        }
    },
    /** Counts on one of the counters. */
    INCR(2, "INCR", Workload.COUNTER) {
        @Override
        public void encode(RequestWriter out, long token, Workload w) {
            begin(out, w.keyId(token, 0));
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return reply.type() == ':' && reply.number() > 0;
        }
    },
    /** Sets the one field of a hash. */
    HSET(4, "HSET", Workload.HASH) {
        @Override
        public void encode(RequestWriter out, long token, Workload w) {
            begin(out, w.keyId(token, 0)).bulk(Workload.FIELD);
            w.value(out, w.keyId(token, 0), token);
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return Workload.isZeroOrOne(reply);
        }
    },
    /** The one field of a hash. */
    HGET(3, "HGET", Workload.HASH) {
        @Override
        public void encode(RequestWriter out, long token, Workload w) {
            begin(out, w.readId(token, 0)).bulk(Workload.FIELD);
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return w.isValueOrNull(reply, w.readId(token, 0));
        }
    },
    /** Needs no key; a proxy answers it itself. */
    PING(1, "PING") {
        @Override
        public void encode(RequestWriter out, long token, Workload w) {
            out.raw(head());
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return reply.is('+', Workload.PONG);
        }
    },
    /** Comes back with its own value, so even its place in the order is checked. */
    ECHO(2, "ECHO") {
        @Override
        public void encode(RequestWriter out, long token, Workload w) {
            w.value(out.raw(head()), token, token);
        }

        @Override
        boolean verify(ReplyCursor reply, long token, Workload w) {
            return reply.isBulk() && reply.number() == w.valueSize(token) && Workload.isValue(reply, token);
        }
    };

    private final byte[] head;

    /** With no key, or with several. */
    RedisCommand(int arguments, String name) {
        head = words(arguments, name).getBytes(StandardCharsets.US_ASCII);
    }

    /** With one key, which begins with {@code prefix}. */
    RedisCommand(int arguments, String name, String prefix) {
        head = RequestWriter.keyHead(words(arguments, name), prefix);
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
    public final boolean isRight(byte[] b, int from, int to, long token, Workload workload) {
        return verify(workload.cursor(b, from), token, workload);
    }

    /** Whether {@code reply}, with the cursor on its first element, may answer the request of {@code token}. */
    abstract boolean verify(ReplyCursor reply, long token, Workload w);

    /** All of the request up to its keys, or up to the number of its one key. */
    final byte[] head() {
        return head;
    }

    /** Writes it up to its one key, whose number this is. */
    final RequestWriter begin(RequestWriter out, long keyId) {
        return out.numberedKey(head, keyId);
    }

    private static String words(int arguments, String name) {
        return "*" + arguments + "\r\n$" + name.length() + "\r\n" + name + "\r\n";
    }
}
