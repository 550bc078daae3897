package org.millrace.codec.memcached;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Messages to frame, one by one; text is Latin-1. */
final class Corpus {
    /** Bytes that mean something here. */
    static final String LIKELY = " \r\n0123456789-+VALUEND\u0000\t\u007fkq";

    private Corpus() {
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A storage command of this line, with data. */
    static String store(String line, String data) {
        return line + "\r\n" + data + "\r\n";
    }

    /** Requests, good ones and refused ones, each exactly one message that is not skipped in part. */
    static List<String> requests() {
        return List.of("get a\r\n", "get key:000000000012\n", "gets a b  c\r\n", "gat 60 a\r\n", "gats -1 a b \r\n",
            "get \u00e9\u0080\u00ff\r\n", "get " + "k".repeat(250) + "\r\n", "get " + "k".repeat(251) + " b\r\n",
            store("set k 0 0 5", "hello"), store("set k 0 0 0", ""), store("set k 4294967295 -1 4 noreply", "\r\n\r\n"),
            store("add k 0 0 17", "a".repeat(17)), store("replace k 0 0 3", "bad!!").substring(0, 22),
            store("append k 0 0 16", "b".repeat(16)), store("prepend  k  0  0  4 ", "\n\r\nx"),
            store("cas k 0 0 20 18446744073709551615", "c".repeat(20)), store("cas k 0 0 3 9 noreply", "abc"),
            store("ms k 5 T0 F1 q Oabc k", "hello"), store("ms k 0", ""), store("set k x y 3", "abc"),
            "set k 0 0 x\r\n", "set k 0 0\r\n", "set\r\n", "ms k\r\n", "ms\r\n",
            "incr k 1\r\n", "decr k 1 noreply\r\n", "touch k 0\r\n", "delete k\r\n", "delete k 0\r\n",
            "delete k noreply\r\n",
            "mg k v k O1 q\r\n", "mg\r\n", "md k q\r\n", "ma k N0 J5 D2 v\r\n", "me k\r\n", "mn\r\n", "mx\r\n",
            "flush_all\r\n", "flush_all 10 noreply\r\n", "verbosity 1\r\n", "stats\r\n", "stats items\r\n",
            "version\r\n",
            "quit\r\n", "shutdown\r\n", "\r\n", "\n", "\r\r\n", "x\r\n", "GET a\r\n", "get\r\n", "get a\rb\r\n",
            "get\u0000 a\n",
            "averyveryverylongcommand x\r\n", "POST / HTTP/1.1\r\n");
    }

    /** Replies, each exactly one message. */
    static List<String> replies() {
        return List.of("STORED\r\n", "NOT_STORED\r\n", "EXISTS\r\n", "NOT_FOUND\r\n", "DELETED\r\n",
            "TOUCHED\r\n", "OK\r\n",
            "RESET\r\n", "VERSION 1.6.18\r\n", "0\r\n", "18446744073709551615\r\n", "END\r\n", "ERROR\r\n",
            "CLIENT_ERROR bad data chunk\r\n", "SERVER_ERROR object too large for cache\r\n",
            "VALUE a 0 1\r\n1\r\nEND\r\n", "VALUE a 0 0\r\n\r\nEND\r\n",
            "VALUE key 4294967295 7 99\r\nEND\r\n\r\n\r\nEND\r\n",
            "VALUE a 0 16\r\n0123456789abcdef\r\nVALUE b 5 3 7\r\nxyz\r\nVALUE c 0 20\r\n"
                + "v".repeat(20) + "\r\nEND\r\n",
            "VALUE a 0 1\r\n1\r\nSERVER_ERROR gone\r\n", "VALUE " + "k".repeat(250) + " 0 4\r\nabcd\r\nEND\r\n",
            "VALUE a\rb 0 1\r\n1\r\nEND\r\n",
            "STAT pid 42\r\nEND\r\n", "STAT a\r\nSTAT b 1 2 3\r\nSTAT version 1.6.18\r\nEND\r\n",
            "ITEM a [1 b; 0 s]\r\nEND\r\n", "PREFIX a get 1 hit 0 set 0 del 0\r\nEND\r\n",
            "HD\r\n", "HD kfoo Oabc\r\n", "EN\r\n", "NF O1\r\n", "NS\r\n", "EX\r\n", "MN\r\n", "VA 0\r\n\r\n",
            "VA 5 f0 t-1 kfoo\r\nhello\r\n",
            "VA 20 s20\r\n" + "w".repeat(20) + "\r\n", "ME k exp=-1 la=0 cas=1 fetch=no cls=1 size=63\r\n");
    }
}
