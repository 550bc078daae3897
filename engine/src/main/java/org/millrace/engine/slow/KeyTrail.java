package org.millrace.engine.slow;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * The beginnings of the keys of requests on their way: when a request turns out to be slow its bytes are gone. One
 * place for each exchange, by its index; as low ones are used first, few places stay in the caches. An index beyond
 * the last place keeps nothing. Client half's thread.
 */
final class KeyTrail {
    /** Requests of a lane whose keys are kept at a time. */
    static final int PLACES_MAX = 1 << 14;
    private static final int PLACES_FIRST = 256;

    private byte[] bytes = new byte[PLACES_FIRST * SlowRequest.KEY_BYTES];
    private int[] lengths = new int[PLACES_FIRST];

    /** Keeps the beginning of a key; a length below 0 stands for none. */
    void keep(int index, DirectBuffer buffer, int offset, int length) {
        if (index >= lengths.length && !grow(index)) {
            return;
        }
        lengths[index] = length;
        if (length > 0) {
            buffer.getBytes(offset, bytes, index * SlowRequest.KEY_BYTES, Math.min(length, SlowRequest.KEY_BYTES));
        }
    }

    private boolean grow(int index) {
        if (index >= PLACES_MAX) {
            return false;
        }
        int places = lengths.length;
        while (places <= index) {
            places *= 2;
        }
        bytes = Arrays.copyOf(bytes, places * SlowRequest.KEY_BYTES);
        lengths = Arrays.copyOf(lengths, places);
        return true;
    }

    /** Copies what is kept. */
    void copy(int index, SlowRequest to) {
        if (index >= lengths.length) {
            to.keyLength = SlowRequest.NO_KEY;
            return;
        }
        int length = lengths[index];
        to.keyLength = length;
        if (length > 0) {
            System.arraycopy(bytes, index * SlowRequest.KEY_BYTES, to.key, 0,
                Math.min(length, SlowRequest.KEY_BYTES));
        }
    }
}
