package org.millrace.engine.traffic;

import org.agrona.DirectBuffer;
import org.millrace.engine.ring.RequestSlot;

/**
 * Finds all keys of a request of one protocol that is not plain. Asked for samples only. Belongs to one lane's client
 * half.
 */
public interface RequestKeys {
    /** Looks at a request that parse and filter have let pass; returns how many keys it has. */
    int look(RequestSlot slot);

    /** Goes to a key of the request at hand; forward only. */
    void moveTo(int key);

    /** Where the key at hand lies, all of it or its beginning. */
    DirectBuffer buffer();

    /** Where it begins. */
    int offset();

    /** How many bytes of it are there. */
    int shown();

    /** Bytes of the whole key. */
    long length();

    /** Forgets the request. */
    void end();
}
