package org.millrace.perf.endtoend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A reply too large to be kept beside what is under test: its length and the SHA-256 of its bytes on the wire. It is
 * written to a server in pieces, of random bytes, and compared in pieces; a request that is no longer than a piece goes
 * out in one write.
 */
final class ExpectedReply {
    private static final int PIECE = 1 << 20;

    private final MessageDigest digest = sha256();
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
    private long length;

    private ExpectedReply() {
    }

    /** Sets a key to a value of so many random bytes, of a server itself or by the proxy. */
    static ExpectedReply ofValue(RawClient server, String key, int bytes, long seed) throws IOException {
        ExpectedReply reply = new ExpectedReply();
        reply.unsent.writeBytes(Resp.bytes("*3\r\n$3\r\nSET\r\n$" + key.length() + "\r\n" + key + "\r\n"));
        reply.bulk(server, bytes, new Random(seed));
        reply.check(Resp.text(server.reply()).equals("+OK\r\n"), "SET of " + bytes + " bytes");
        return reply;
    }

    /** Makes a key of a server itself a list of elements of so many random bytes, each of the sizes by turns. */
    static ExpectedReply ofList(RawClient server, String key, int elements, long seed, int... sizes)
        throws IOException {
        ExpectedReply reply = new ExpectedReply();
        Random random = new Random(seed);
        reply.update(Resp.bytes("*" + elements + "\r\n"));
        for (int i = 0; i < elements; i++) {
            reply.unsent.writeBytes(Resp.bytes("*3\r\n$5\r\nRPUSH\r\n$" + key.length() + "\r\n" + key + "\r\n"));
            reply.bulk(server, sizes[i % sizes.length], random);
            reply.check(Resp.text(server.reply()).equals(":" + (i + 1) + "\r\n"), "RPUSH");
        }
        return reply;
    }

    private void bulk(RawClient server, int bytes, Random random) throws IOException {
        both(server, Resp.bytes("$" + bytes + "\r\n"));
        for (int left = bytes; left > 0; left -= Math.min(left, PIECE)) {
            byte[] piece = new byte[Math.min(left, PIECE)];
            random.nextBytes(piece);
            both(server, piece);
        }
        both(server, Resp.bytes("\r\n"));
        send(server);
    }

    private void both(RawClient server, byte[] bytes) throws IOException {
        if (unsent.size() + bytes.length > PIECE) {
            send(server);
        }
        unsent.writeBytes(bytes);
        update(bytes);
    }

    private void send(RawClient server) throws IOException {
        server.send(unsent.toByteArray());
        unsent.reset();
    }

    private void update(byte[] bytes) {
        digest.update(bytes);
        length += bytes.length;
    }

    private void check(boolean good, String what) throws IOException {
        if (!good) {
            throw new IOException("the server refused " + what);
        }
    }

    long length() {
        return length;
    }

    /** What {@link #read} is to return. */
    synchronized String text() {
        try {
            return text(length, (MessageDigest) digest.clone());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Asks for it and reads it.
     *
     * @param pieceBytes read at a time
     * @param pauseNs    after each piece, so that clients are not equally fast
     */
    String read(RawClient client, byte[] request, int pieceBytes, long pauseNs) {
        MessageDigest got = sha256();
        long left = length;
        try {
            client.send(request);
            byte[] first = client.exactly(1);
            got.update(first);
            if (first[0] == '-') {
                return "an error: " + Resp.text(client.untilLineEnd());
            }
            left--;
            while (left > 0) {
                byte[] piece = client.exactly((int) Math.min(left, pieceBytes));
                got.update(piece);
                left -= piece.length;
                if (pauseNs > 0) {
                    LockSupport.parkNanos(pauseNs);
                }
            }
            return text(length, got) + (client.hasInput() ? ", and more" : "");
        } catch (IOException e) {
            return e + " with " + left + " of " + length + " bytes to come";
        }
    }

    private static String text(long bytes, MessageDigest of) {
        return bytes + " bytes, SHA-256 " + HexFormat.of().formatHex(of.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
