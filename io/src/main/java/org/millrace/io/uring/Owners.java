package org.millrace.io.uring;

import java.util.Arrays;

/** Owners by the slot in their user_data. Slot 0 is nobody's. */
final class Owners {
    private static final int INITIAL = 16;
    private static final int MAX = 1 << Integer.SIZE - Op.BITS - 1;

    private Owner[] owners = new Owner[INITIAL];
    private int[] free = new int[INITIAL];
    private int freeCount;
    private int used = 1;
    private int generation;

    void add(Owner owner) {
        int slot;
        if (freeCount > 0) {
            slot = free[--freeCount];
        } else {
            if (used == owners.length) {
                grow();
            }
            slot = used++;
        }
        owners[slot] = owner;
        owner.place(slot, ++generation);
    }

    /** The owner of a completion, or null if it is nobody's. */
    Owner of(long userData) {
        int slot = (int) userData >>> Op.BITS;
        Owner owner = slot < used ? owners[slot] : null;
        return owner != null && owner.generation() == (int) (userData >>> Integer.SIZE) ? owner : null;
    }

    void remove(Owner owner) {
        int slot = owner.slot();
        if (owners[slot] == owner) {
            owners[slot] = null;
            free[freeCount++] = slot;
        }
    }

    /** Slots are below this. */
    int end() {
        return used;
    }

    /** Null for a free slot. */
    Owner at(int slot) {
        return owners[slot];
    }

    private void grow() {
        if (used >= MAX) {
            throw new IllegalStateException("more than " + MAX + " connections");
        }
        owners = Arrays.copyOf(owners, used * 2);
        free = Arrays.copyOf(free, used * 2);
    }
}
