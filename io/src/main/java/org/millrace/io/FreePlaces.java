package org.millrace.io;

/**
 * The free places of all blocks of an arena, by size, each as large as its free neighbours allow: a place that comes
 * back is joined with its other half at once. Holds no object for a place.
 */
final class FreePlaces {
    /** The first block that has a free place of a class. */
    private final ArenaBlock[] blocks = new ArenaBlock[SizeClasses.COUNT];

    /** A block that has a free place of this class or, if there is none, of the next larger; else null. */
    ArenaBlock find(int sizeClass) {
        for (int i = sizeClass; i < SizeClasses.COUNT; i++) {
            if (blocks[i] != null) {
                return blocks[i];
            }
        }
        return null;
    }

    /**
     * Takes a place out of a block that {@link #find} gave for this class: the smallest that is large enough, halved
     * until it fits.
     *
     * @return its offset
     */
    int take(ArenaBlock block, int sizeClass) {
        int larger = sizeClass;
        while (block.count(larger) == 0) {
            larger++;
        }
        int place = block.first(larger);
        boolean isGivenBack = remove(block, larger, place);
        while (larger > sizeClass) {
            larger--;
            place <<= 1;
            add(block, larger, place + 1, isGivenBack);
        }
        return place << SizeClasses.MIN_SHIFT + sizeClass;
    }

    /** Puts a place back that was in use. */
    void put(ArenaBlock block, int sizeClass, int offset) {
        int whole = sizeClass;
        int place = offset >> SizeClasses.MIN_SHIFT + sizeClass;
        while (whole < block.rootClass && block.isFree(whole, place ^ 1)) {
            remove(block, whole, place ^ 1);
            place >>= 1;
            whole++;
        }
        add(block, whole, place, false);
    }

    /** All of a new block. */
    void addAll(ArenaBlock block) {
        for (int root = 0; root < block.roots(); root++) {
            add(block, block.rootClass, root, false);
        }
    }

    /** All of a block that is wholly free, and goes. */
    void removeAll(ArenaBlock block) {
        for (int root = 0; root < block.roots(); root++) {
            remove(block, block.rootClass, root);
        }
    }

    private void add(ArenaBlock block, int sizeClass, int place, boolean isGivenBack) {
        block.add(sizeClass, place, isGivenBack);
        if (block.count(sizeClass) == 1) {
            ArenaBlock first = blocks[sizeClass];
            block.next[sizeClass] = first;
            if (first != null) {
                first.previous[sizeClass] = block;
            }
            blocks[sizeClass] = block;
        }
    }

    private boolean remove(ArenaBlock block, int sizeClass, int place) {
        boolean isGivenBack = block.remove(sizeClass, place);
        if (block.count(sizeClass) == 0) {
            ArenaBlock next = block.next[sizeClass];
            ArenaBlock previous = block.previous[sizeClass];
            if (previous == null) {
                blocks[sizeClass] = next;
            } else {
                previous.next[sizeClass] = next;
            }
            if (next != null) {
                next.previous[sizeClass] = previous;
            }
            block.next[sizeClass] = null;
            block.previous[sizeClass] = null;
        }
        return isGivenBack;
    }
}
