package org.millrace.codec.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What is written is RESP, and as long as was said. */
final class RespWriterTest {
    private final byte[] bytes = new byte[200];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

    private void assertWritten(String expected, int end) {
        assertEquals(expected, Corpus.text(bytes).substring(5, end));
    }

    @Test
    void shouldWriteEachKind() {
        assertWritten("*3\r\n", RespWriter.arrayHeader(buffer, 5, 3));
        assertWritten("*-1\r\n", RespWriter.arrayHeader(buffer, 5, -1));
        assertWritten("$262144\r\n", RespWriter.bulkHeader(buffer, 5, 262144));
        assertWritten("$5\r\nhello\r\n", RespWriter.bulk(buffer, 5, "hello"));
        UnsafeBuffer value = new UnsafeBuffer(Corpus.bytes("xhellox"));
        assertWritten("$5\r\nhello\r\n", RespWriter.bulk(buffer, 5, value, 1, 5));
        assertWritten("+OK\r\n", RespWriter.simple(buffer, 5, "OK"));
        assertWritten("-ERR no\r\n", RespWriter.error(buffer, 5, "ERR no"));
        assertWritten("$-1\r\n", RespWriter.nullBulk(buffer, 5));
        assertEquals(RespWriter.NULL_BULK_LENGTH, RespWriter.nullBulk(buffer, 5) - 5);
    }

    @Test
    void shouldKnowLengthsBeforehand() {
        long power = 1;
        for (int i = 0; i < 19; i++) {
            for (long number : new long[] {power, power - 1, power + 1, -power, 1 - power}) {
                assertEquals(RespWriter.integer(buffer, 5, number) - 5, RespWriter.headerLength(number), "" + number);
            }
            power *= 10;
        }
        assertEquals(RespWriter.HEADER_LENGTH_MAX, RespWriter.headerLength(Long.MIN_VALUE));
        assertEquals(RespWriter.integer(buffer, 5, Long.MIN_VALUE) - 5, RespWriter.headerLength(Long.MIN_VALUE));
        assertEquals(11, RespWriter.bulkLength(5));
        assertEquals(RespWriter.bulk(buffer, 5, "0123456789") - 5, RespWriter.bulkLength(10));
    }
}
