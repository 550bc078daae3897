package org.millrace.engine.latency;

/**
 * Names one histogram. Those of several lanes that have the same key are added up.
 *
 * @param kind   what it is about
 * @param pool   whose; null if it is about no pool
 * @param server the server's name on the ring; null if it is about none, or about all of the pool
 * @param detail the family of commands, the thread or the collector; null if there is none, or for all of them
 */
public record SeriesKey(SeriesKind kind, String pool, String server, String detail) {
    /** The histogram that this one is a part of, or null. */
    public SeriesKey whole() {
        return switch (kind) {
            case REQUEST -> detail == null ? null : new SeriesKey(kind, pool, null, null);
            case LINK_WAIT, SERVER -> server == null ? null : new SeriesKey(kind, pool, null, null);
            default -> null;
        };
    }
}
