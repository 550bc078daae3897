package org.millrace.routing.hash;

import org.agrona.DirectBuffer;

/** CRC-32 as in zip and Ethernet. The JDK's is not used: it would need a ByteBuffer or a copy of the key. */
final class Crc32aHash implements KeyHash {
    private static final int REVERSED_POLYNOMIAL = 0xedb88320;
    private static final int[] TABLE = table();

    @Override
    public int hash(DirectBuffer buffer, int offset, int length) {
        return crc32(buffer, offset, length);
    }

    static int crc32(DirectBuffer buffer, int offset, int length) {
        int crc = -1;
        for (int i = offset, end = offset + length; i < end; i++) {
            crc = (crc >>> 8) ^ TABLE[(crc ^ buffer.getByte(i)) & 0xff];
        }
        return ~crc;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ REVERSED_POLYNOMIAL;
            }
            table[i] = crc;
        }
        return table;
    }
}
