package org.millrace.perf.load;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.millrace.perf.client.RequestWriter;

/** The commands that the load generator sends to memcached. Adding a command is adding a constant here. */
public enum MemcachedCommand implements LoadCommand {
    /** The value of one key, or nothing. */
    GET("get ") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            out.numbered(KEY, w.readId(token, 0)).raw(CRLF);
        }

        @Override
        boolean verify(MemcachedReply reply, long token, Workload w) {
            reply.takeValue(w.readId(token, 0), w);
            return reply.endsWith(END);
        }
    },
    /** The same with the number of the item's version. */
    GETS("gets ") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            GET.body(out, token, w);
        }

        @Override
        boolean verify(MemcachedReply reply, long token, Workload w) {
            return GET.verify(reply, token, w);
        }
    },
    /** A get of ten keys; values come in the order asked. */
    MGET("get") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            for (int i = 0; i < Workload.MULTI_KEYS; i++) {
                out.raw(SPACE).numbered(KEY, w.readId(token, i));
            }
            out.raw(CRLF);
        }

        @Override
        boolean verify(MemcachedReply reply, long token, Workload w) {
            for (int i = 0; i < Workload.MULTI_KEYS; i++) {
                reply.takeValue(w.readId(token, i), w);
            }
            return reply.endsWith(END);
        }
    },
    /** A new version of one key's value. */
    SET("set ") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            store(out, token, w, FLAGS_AND_TIME);
        }

        @Override
        boolean verify(MemcachedReply reply, long token, Workload w) {
            return reply.endsWith(STORED);
        }
    },
    /** A value where there is none. */
    ADD("add ") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            store(out, token, w, FLAGS_AND_TIME);
        }

        @Override
        boolean verify(MemcachedReply reply, long token, Workload w) {
            return reply.endsWith(STORED) || reply.endsWith(NOT_STORED);
        }
    },
    /** A new version where there is one. */
    REPLACE("replace ") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            store(out, token, w, FLAGS_AND_TIME);
        }

        @Override
        boolean verify(MemcachedReply reply, long token, Workload w) {
            return reply.endsWith(STORED) || reply.endsWith(NOT_STORED);
        }
    },
    /** Removes one key. */
    DELETE("delete ") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            out.numbered(KEY, w.keyId(token, 0)).raw(CRLF);
        }

        @Override
        boolean verify(MemcachedReply reply, long token, Workload w) {
            return reply.endsWith(DELETED) || reply.endsWith(NOT_FOUND);
        }
    },
    /** A time to live of an hour for one key. */
    TOUCH("touch ") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            out.numbered(KEY, w.readId(token, 0)).raw(HOUR);
        }

        @Override
        boolean verify(MemcachedReply reply, long token, Workload w) {
            return reply.endsWith(TOUCHED) || reply.endsWith(NOT_FOUND);
        }
    },
    /** Counts on one of the counters, which begins at 1 where there is none. */
    COUNT("ma ") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            out.numbered(COUNTER, w.keyId(token, 0)).raw(FROM_ONE);
        }

        @Override
        boolean verify(MemcachedReply reply, long token, Workload w) {
            return reply.isPositive();
        }
    },
    /** The value of one key by a meta command, with the key in the reply. */
    MG("mg ") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            out.numbered(KEY, w.readId(token, 0)).raw(KEY_AND_VALUE);
        }

        @Override
        boolean verify(MemcachedReply reply, long token, Workload w) {
            return reply.isMetaValue(w.readId(token, 0), w);
        }
    },
    /** A new version of one key's value by a meta command. */
    MS("ms ") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            store(out, token, w, SPACE);
        }

        @Override
        boolean verify(MemcachedReply reply, long token, Workload w) {
            return reply.endsWith(HD);
        }
    },
    /** Removes one key by a meta command. */
    MD("md ") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            DELETE.body(out, token, w);
        }

        @Override
        boolean verify(MemcachedReply reply, long token, Workload w) {
            return reply.endsWith(HD) || reply.endsWith(NF);
        }
    },
    /** Needs no key; a proxy answers it itself. */
    VERSION("version") {
        @Override
        void body(RequestWriter out, long token, Workload w) {
            out.raw(CRLF);
        }

        @Override
        boolean verify(MemcachedReply reply, long token, Workload w) {
            return reply.isVersion();
        }
    };

    private static final byte[] KEY = ascii(Workload.KEY);
    private static final byte[] COUNTER = ascii(Workload.COUNTER);
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] SPACE = ascii(" ");
    private static final byte[] FLAGS_AND_TIME = ascii(" 0 0 ");
    private static final byte[] HOUR = ascii(" 3600\r\n");
    private static final byte[] FROM_ONE = ascii(" N0 J1 v\r\n");
    private static final byte[] KEY_AND_VALUE = ascii(" k v\r\n");
    private static final byte[] END = ascii("END\r\n");
    private static final byte[] STORED = ascii("STORED\r\n");
    private static final byte[] NOT_STORED = ascii("NOT_STORED\r\n");
    private static final byte[] DELETED = ascii("DELETED\r\n");
    private static final byte[] NOT_FOUND = ascii("NOT_FOUND\r\n");
    private static final byte[] TOUCHED = ascii("TOUCHED\r\n");
    private static final byte[] HD = ascii("HD\r\n");
    private static final byte[] NF = ascii("NF\r\n");

    private final byte[] head;

    MemcachedCommand(String head) {
        this.head = ascii(head);
    }

    @Override
    public String lowerName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public int keys() {
        return this == MGET ? Workload.MULTI_KEYS : 1;
    }

    @Override
    public final void encode(RequestWriter out, long token, Workload workload) {
        body(out.raw(head), token, workload);
    }

    @Override
    public final boolean isRight(byte[] b, int from, int to, long token, Workload workload) {
        return verify(workload.reply(b, from, to), token, workload);
    }

    abstract void body(RequestWriter out, long token, Workload w);

    /** Whether {@code reply}, from its beginning, may answer the request of {@code token}. */
    abstract boolean verify(MemcachedReply reply, long token, Workload w);

    private static void store(RequestWriter out, long token, Workload w, byte[] beforeLength) {
        int size = w.valueSize(token);
        out.numbered(KEY, w.keyId(token, 0)).raw(beforeLength).number(size).raw(CRLF);
        int at = out.reserve(size);
        ValuePattern.write(out.buffer(), at, size, w.keyId(token, 0), token);
        out.raw(CRLF);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
