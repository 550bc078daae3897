package org.millrace.engine.tap;

/** The kinds of records that a tap makes, and their flags. */
public final class TapRecord {
    /** A conversation begins; the bytes are the name of its pool. */
    public static final int OPEN = 1;
    /** A request as it was framed, or a piece of it. */
    public static final int REQUEST = 2;
    /** A reply as it was handed to the client, or a piece of it; without bytes if none was due. */
    public static final int REPLY = 3;
    /** The conversation ends: the client is gone, or is captured no longer. */
    public static final int CLOSED = 4;
    /** There was no room for something of it: what stands before is whole, what follows is missing. */
    public static final int DAMAGED = 5;

    /** The request or reply goes on in a further record. */
    public static final int MORE = 1;
    /** The client was connected before: requests of before, and their replies, are not here. */
    public static final int JOINED = 2;
    /** In place of a request: bytes that were none, after which the client is closed. */
    public static final int BROKEN = 4;
    /** The client speaks memcached's text protocol; else RESP. */
    public static final int MEMCACHED = 8;

    private TapRecord() {
    }
}
