package org.millrace.engine.traffic;

import java.util.Arrays;

/**
 * Counts what is seen often, in fixed room: the algorithm Space-Saving of Metwally, Agrawal and El Abbadi ("Efficient
 * Computation of Frequent and Top-k Elements in Data Streams", ICDT 2005), with weights. While there is room everything
 * has a counter; then what is new takes over the smallest one with all that it has counted, and remembers that as its
 * error. So a count is never too small, and too great by its error at most, which is at most the sum of all weights
 * divided by the number of counters.
 *
 * <p>Not count-min: that needs as much room again for the names of the greatest, has several places to write for each
 * thing that is seen instead of one, and its bound holds only with some probability. One thread.
 */
final class SpaceSaving {
    private static final int SPREAD_SHIFT = 32;

    private final int capacity;
    private final long[] hashes;
    private final long[] counts;
    private final long[] errors;
    /** Counters, the smallest first, each not greater than its two children. */
    private final int[] heap;
    private final int[] placeInHeap;
    /** Counters by hash, open addressing; 0 = none, else one more than the counter. */
    private final int[] table;
    private int size;
    private long total;

    /** With so many counters. */
    SpaceSaving(int capacity) {
        this.capacity = capacity;
        hashes = new long[capacity];
        counts = new long[capacity];
        errors = new long[capacity];
        heap = new int[capacity];
        placeInHeap = new int[capacity];
        table = new int[Integer.highestOneBit(capacity) * 4];
    }

    /** Heap that so many counters take, about. */
    static long bytes(int capacity) {
        return capacity * (3L * Long.BYTES + 2L * Integer.BYTES) + Integer.highestOneBit(capacity) * 4L * Integer.BYTES;
    }

    /**
     * Sees a thing.
     *
     * @return its counter; its complement if that has become its only now
     */
    int add(long hash, long weight) {
        total += weight;
        int place = find(hash);
        int counter = table[place] - 1;
        if (counter >= 0) {
            counts[counter] += weight;
            sink(placeInHeap[counter]);
            return counter;
        }
        if (size < capacity) {
            counter = size++;
            table[place] = counter + 1;
            counts[counter] = weight;
            errors[counter] = 0;
            rise(size - 1, counter);
        } else {
            counter = heap[0];
            forget(hashes[counter]);
            // the place may have moved
            table[find(hash)] = counter + 1;
            errors[counter] = counts[counter];
            counts[counter] += weight;
            sink(0);
        }
        hashes[counter] = hash;
        return ~counter;
    }

    private int home(long hash) {
        return (int) (hash >>> SPREAD_SHIFT) & table.length - 1;
    }

    /** Where in the table a hash is, or would be. */
    private int find(long hash) {
        int place = home(hash);
        while (table[place] != 0 && hashes[table[place] - 1] != hash) {
            place = place + 1 & table.length - 1;
        }
        return place;
    }

    /** Takes a hash out of the table; those behind it move up. */
    private void forget(long hash) {
        int hole = find(hash);
        int place = hole;
        while (true) {
            place = place + 1 & table.length - 1;
            if (table[place] == 0) {
                break;
            }
            int way = place - home(hashes[table[place] - 1]) & table.length - 1;
            if (way >= (place - hole & table.length - 1)) {
                table[hole] = table[place];
                hole = place;
            }
        }
        table[hole] = 0;
    }

    private void rise(int from, int counter) {
        int place = from;
        while (place > 0 && counts[heap[place - 1 >> 1]] > counts[counter]) {
            put(place, heap[place - 1 >> 1]);
            place = place - 1 >> 1;
        }
        put(place, counter);
    }

    private void sink(int from) {
        int place = from;
        int counter = heap[place];
        while (true) {
            int child = 2 * place + 1;
            if (child + 1 < size && counts[heap[child + 1]] < counts[heap[child]]) {
                child++;
            }
            if (child >= size || counts[heap[child]] >= counts[counter]) {
                break;
            }
            put(place, heap[child]);
            place = child;
        }
        put(place, counter);
    }

    private void put(int place, int counter) {
        heap[place] = counter;
        placeInHeap[counter] = place;
    }

    /** Forgets everything. */
    void reset() {
        if (size > 0) {
            Arrays.fill(table, 0);
            size = 0;
        }
        total = 0;
    }

    /** Counters in use, numbered from 0. */
    int size() {
        return size;
    }

    long hash(int counter) {
        return hashes[counter];
    }

    /** What a thing has had at least. */
    long sure(int counter) {
        return counts[counter] - errors[counter];
    }

    /** What anything can have had at most beyond what is sure: nothing while there is room for all. */
    long missing() {
        return size < capacity ? 0 : counts[heap[0]];
    }

    /** All weights. */
    long total() {
        return total;
    }
}
