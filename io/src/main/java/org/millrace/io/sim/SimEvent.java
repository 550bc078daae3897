package org.millrace.io.sim;

/**
 * Something that a transport's poll will deliver.
 *
 * @param dueNs    virtual time from which it may be delivered
 * @param sequence order among events of the same time
 * @param bytes    how many have arrived, for {@code ARRIVED}
 * @param socket   for {@code ACCEPT}
 */
record SimEvent(long dueNs, long sequence, Kind kind, SimConnection connection, int bytes, SimAcceptedSocket socket)
    implements Comparable<SimEvent> {

    /** In a poll, kinds up to {@code WRITTEN} are delivered before the others. */
    enum Kind {
        CONNECT, WRITTEN, ACCEPT, ARRIVED, FIN, DETACHED, CLOSED;

        boolean isEarly() {
            return ordinal() <= WRITTEN.ordinal();
        }
    }

    @Override
    public int compareTo(SimEvent other) {
        int order = Long.compare(dueNs, other.dueNs);
        return order != 0 ? order : Long.compare(sequence, other.sequence);
    }
}
