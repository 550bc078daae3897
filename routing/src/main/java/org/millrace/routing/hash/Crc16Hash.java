package org.millrace.routing.hash;

import org.agrona.DirectBuffer;

/**
 * CRC-16/CCITT (polynomial 0x1021, start 0) whose register is 32 bits wide and never cut: the upper half of the result
 * is what the register shifted out.
 */
final class Crc16Hash implements KeyHash {
    private static final int POLYNOMIAL = 0x1021;
    private static final int[] TABLE = table();

    @Override
    public int hash(DirectBuffer buffer, int offset, int length) {
        int crc = 0;
        for (int i = offset, end = offset + length; i < end; i++) {
            crc = (crc << 8) ^ TABLE[((crc >>> 8) ^ buffer.getByte(i)) & 0xff];
        }
        return crc;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL;
            }
            table[i] = crc & 0xffff;
        }
        return table;
    }
}
