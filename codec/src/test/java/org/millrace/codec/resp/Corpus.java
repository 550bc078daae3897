package org.millrace.codec.resp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Messages to frame, one by one; text is Latin-1. */
final class Corpus {
    private Corpus() {
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A request of these words. */
    static String request(String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString();
    }

    /** Well-formed requests, each exactly one message. */
    static List<String> requests() {
        List<String> list = new ArrayList<>(List.of(
            request("PING"), request("GET", "k"), request("SET", "key:0001", "value"), request("SET", "k", ""),
            request("", "k"), request("DEL", ""), request("SET", "k", "\r\n\r\n"), request("SET", "$5\r\n", "*2\r\n"),
            request("SET", "key:000000000012", "x".repeat(99)), request("SET", "k", "y".repeat(300)),
            request("MSET", "a", "1".repeat(15), "b", "2".repeat(16), "c", "3".repeat(17)),
            request("GET", "\u0000\u00ff\u0080"), request("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"),
            request("x".repeat(40)), "PING\r\n", "PING\n", "set k \"a b\"\r\n", " \r\n", "\rx\n", "x\r\r\n", "$3\r\n",
            "*0\r\n\r\n" + request("GET", "k"), "\r\n\n*-1\r\n*0\r\nPING\r\n", "*-12\r\n" + request("TTL", "k")));
        return list;
    }

    /** Well-formed replies, each exactly one message. */
    static List<String> replies() {
        return List.of("+OK\r\n", "-ERR no\r\n", "+\r\n", "-\r\n", "+a\rb\nc\r\r\n", ":0\r\n", ":-1\r\n", ":12345\r\n",
            ":-9223372036854775808\r\n", ":9223372036854775807\r\n", "$-1\r\n", "$0\r\n\r\n", "$5\r\nhello\r\n",
            "$12\r\nhello\r\nworld\r\n", "$100\r\n" + "v".repeat(100) + "\r\n", "*-1\r\n", "*0\r\n", "*1\r\n$-1\r\n",
            "*3\r\n:1\r\n$3\r\nabc\r\n+x\r\n", "*2\r\n*2\r\n:1\r\n*0\r\n*1\r\n*-1\r\n",
            "*1\r\n*1\r\n*1\r\n$4\r\nabcd\r\n",
            "*2\r\n-ERR a\r\n$20\r\n" + "w".repeat(20) + "\r\n",
            "*3\r\n*2\r\n$1\r\na\r\n$16\r\n0123456789abcdef\r\n$2\r\nbb\r\n*1\r\n$5\r\nccccc\r\n",
            "*12\r\n" + "$3\r\nxyz\r\n".repeat(12));
    }

    /** Byte streams seen on a wire, well-formed or not, of one direction. */
    static List<String> wire(String direction) {
        List<String> list = new ArrayList<>();
        try (InputStream in = Corpus.class.getResourceAsStream("wire.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                if (line.startsWith(direction + ' ')) {
                    list.add(text(HexFormat.of().parseHex(line.substring(direction.length() + 1))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return list;
    }
}
