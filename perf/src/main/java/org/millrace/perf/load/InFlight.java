package org.millrace.perf.load;

import java.util.List;

/** The requests of one connection that wait for their replies, first come first served; fixed size, no objects. */
final class InFlight {
    private static final int COMMAND = 0;
    private static final int TOKEN = 1;
    private static final int INTENDED_NS = 2;
    private static final int SENT_NS = 3;
    private static final int FIELDS = 4;

    private final LoadCommand[] commands;
    /** What belongs to one request lies together. */
    private final long[] fields;
    private final int capacity;
    private final int mask;
    private int head;
    private int tail;

    /** For requests of these commands, each at the index of its ordinal. */
    InFlight(int capacity, List<LoadCommand> commands) {
        this.capacity = capacity;
        this.commands = commands.toArray(LoadCommand[]::new);
        int size = Integer.highestOneBit(Math.max(1, capacity - 1)) << 1;
        mask = size - 1;
        fields = new long[size * FIELDS];
    }

    /** How many more there can be. */
    int room() {
        return capacity - (tail - head);
    }

    boolean isEmpty() {
        return tail == head;
    }

    void add(LoadCommand command, long token, long intended, long sent) {
        int at = (tail++ & mask) * FIELDS;
        fields[at + COMMAND] = command.ordinal();
        fields[at + TOKEN] = token;
        fields[at + INTENDED_NS] = intended;
        fields[at + SENT_NS] = sent;
    }

    LoadCommand command() {
        return commands[(int) first(COMMAND)];
    }

    long token() {
        return first(TOKEN);
    }

    long intendedNs() {
        return first(INTENDED_NS);
    }

    long sentNs() {
        return first(SENT_NS);
    }

    void remove() {
        head++;
    }

    private long first(int field) {
        return fields[(head & mask) * FIELDS + field];
    }
}
