package org.millrace.routing.hash;

import org.agrona.DirectBuffer;

/**
 * Maps the bytes of a key to 32 bits.
 *
 * <p>An instance may keep scratch space, so it belongs to one thread; {@link HashKind#newHash()} makes another. A call
 * allocates nothing and keeps no reference to the buffer. An empty key has a defined value here, though a
 * {@linkplain org.millrace.routing.Router router} never asks for it.
 */
public interface KeyHash {
    /**
     * Hashes a range of a buffer.
     *
     * @param buffer that holds the key
     * @param offset of the key's first byte
     * @param length of the key in bytes, 0 or more
     * @return an unsigned 32-bit value
     * @throws IndexOutOfBoundsException if the range leaves the buffer and bounds checks are on
     */
    int hash(DirectBuffer buffer, int offset, int length);
}
