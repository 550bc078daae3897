package org.millrace.perf.replay;

/** What replay does with a request. */
enum Treatment {
    /** Its reply is compared, byte for byte; of a redacted capture its shape. */
    COMPARED,
    /** The elements of its reply have no order: they are compared as a set. */
    UNORDERED,
    /** Its reply is another one each time, by its nature: whether it is the same is counted apart. */
    BY_NATURE,
    /** It is not asked again: it got no reply, was none, logs in, or ends the connection. */
    NOT_SENT
}
