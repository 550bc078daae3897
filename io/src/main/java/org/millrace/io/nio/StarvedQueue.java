package org.millrace.io.nio;

import java.util.ArrayList;

/** Connections that found no memory to receive into; they are tried again in the order of their coming. */
final class StarvedQueue {
    private ArrayList<NioConnection> starved = new ArrayList<>();
    private ArrayList<NioConnection> spare = new ArrayList<>();

    void add(NioConnection connection) {
        starved.add(connection);
    }

    boolean isEmpty() {
        return starved.isEmpty();
    }

    void clear() {
        starved.clear();
    }

    /** First come, first served, until memory is short again. */
    void retry() {
        ArrayList<NioConnection> waiting = starved;
        if (!waiting.isEmpty()) {
            starved = spare;
            spare = waiting;
            int i = 0;
            while (i < waiting.size() && starved.isEmpty()) {
                waiting.get(i++).retryStarved();
            }
            while (i < waiting.size()) {
                starved.add(waiting.get(i++));
            }
            waiting.clear();
        }
    }
}
