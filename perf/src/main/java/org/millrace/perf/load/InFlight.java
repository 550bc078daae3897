package org.millrace.perf.load;

/** The requests of one connection that wait for their replies, first come first served; fixed size, no objects. */
final class InFlight {
    private final LoadCommand[] commands;
    private final long[] tokens;
    private final long[] intendedNs;
    private final long[] sentNs;
    private final int capacity;
    private final int mask;
    private int head;
    private int tail;

    InFlight(int capacity) {
        this.capacity = capacity;
        int size = Integer.highestOneBit(Math.max(1, capacity - 1)) << 1;
        mask = size - 1;
        commands = new LoadCommand[size];
        tokens = new long[size];
        intendedNs = new long[size];
        sentNs = new long[size];
    }

    boolean isFull() {
        return tail - head >= capacity;
    }

    boolean isEmpty() {
        return tail == head;
    }

    void add(LoadCommand command, long token, long intended, long sent) {
        int i = tail++ & mask;
        commands[i] = command;
        tokens[i] = token;
        intendedNs[i] = intended;
        sentNs[i] = sent;
    }

    LoadCommand command() {
        return commands[head & mask];
    }

    long token() {
        return tokens[head & mask];
    }

    long intendedNs() {
        return intendedNs[head & mask];
    }

    long sentNs() {
        return sentNs[head & mask];
    }

    void remove() {
        head++;
    }
}
