package org.millrace.perf.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte array that requests are appended to and a socket takes bytes from. Not thread-safe; owned by the
 * thread that owns the socket. How far it grows is the caller's duty: it bounds what it has in flight.
 */
public final class RequestWriter {
    private byte[] buffer = new byte[4096];
    private int head;
    private int tail;

    /** Begins a request of {@code count} arguments, the command's name among them. */
    public RequestWriter array(int count) {
        ensure(16);
        buffer[tail++] = '*';
        decimal(count);
        return crlf();
    }

    /** One argument. */
    public RequestWriter bulk(byte[] bytes) {
        int at = reserveBulk(bytes.length);
        System.arraycopy(bytes, 0, buffer, at, bytes.length);
        return this;
    }

    /** One argument in UTF-8; allocates, so not for a measured path. */
    public RequestWriter bulk(String text) {
        return bulk(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A number as an argument. */
    public RequestWriter bulk(long number) {
        int digits = Digits.count(number);
        int at = reserveBulk(digits);
        Digits.put(buffer, at, digits, number);
        return this;
    }

    /** What {@link #numberedKey} is given: {@code before}, and all of the argument that comes before its number. */
    public static byte[] keyHead(String before, String prefix) {
        return (before + '$' + (prefix.length() + Digits.TWELVE) + "\r\n" + prefix).getBytes(StandardCharsets.US_ASCII);
    }

    /** What a {@link #keyHead} begins, with {@code id} in {@link Digits#TWELVE} digits. */
    public RequestWriter numberedKey(byte[] head, long id) {
        numbered(head, id);
        ensure(2);
        return crlf();
    }

    /**
     * Makes room for an argument that the caller fills in itself.
     *
     * @return where in {@link #buffer()} its first byte goes; valid until the next call that appends
     */
    public int reserveBulk(int length) {
        ensure(length + 20);
        buffer[tail++] = '$';
        decimal(length);
        crlf();
        int at = tail;
        tail += length;
        crlf();
        return at;
    }

    /** The bytes {@code prefix} + {@code id} in {@link Digits#TWELVE} digits, as they are. */
    public RequestWriter numbered(byte[] prefix, long id) {
        int at = reserve(prefix.length + Digits.TWELVE);
        System.arraycopy(prefix, 0, buffer, at, prefix.length);
        Digits.putTwelve(buffer, at + prefix.length, id);
        return this;
    }

    /** A number in decimal digits, as it is. */
    public RequestWriter number(long number) {
        int digits = Digits.count(number);
        int at = reserve(digits);
        Digits.put(buffer, at, digits, number);
        return this;
    }

    /**
     * Makes room for bytes that the caller fills in itself.
     *
     * @return where in {@link #buffer()} the first goes; valid until the next call that appends
     */
    public int reserve(int length) {
        ensure(length);
        int at = tail;
        tail += length;
        return at;
    }

    /** Bytes that already are a request, or a part of one. */
    public RequestWriter raw(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, buffer, tail, bytes.length);
        tail += bytes.length;
        return this;
    }

    /** The array that holds the bytes; another one after an append that had to grow it. */
    public byte[] buffer() {
        return buffer;
    }

    /** Index of the first byte that has not been taken. */
    public int head() {
        return head;
    }

    /** Bytes not taken yet. */
    public int size() {
        return tail - head;
    }

    /** Marks {@code count} bytes as taken. */
    public void taken(int count) {
        head += count;
        if (head == tail) {
            clear();
        }
    }

    /** Forgets everything. */
    public void clear() {
        head = 0;
        tail = 0;
    }

    private RequestWriter crlf() {
        buffer[tail++] = '\r';
        buffer[tail++] = '\n';
        return this;
    }

    private void decimal(long number) {
        int digits = Digits.count(number);
        Digits.put(buffer, tail, digits, number);
        tail += digits;
    }

    private void ensure(int extra) {
        if (tail + extra > buffer.length) {
            int size = size();
            if (size + extra > buffer.length) {
                byte[] larger = new byte[Math.max(buffer.length * 2, size + extra)];
                System.arraycopy(buffer, head, larger, 0, size);
                buffer = larger;
            } else {
                System.arraycopy(buffer, head, buffer, 0, size);
            }
            head = 0;
            tail = size;
        }
    }

    /** A copy of the bytes not taken yet. */
    public byte[] toArray() {
        return Arrays.copyOfRange(buffer, head, tail);
    }
}
