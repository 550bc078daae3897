package org.millrace.engine.client;

/** What a client has said about itself. Belongs to the client half's thread. */
public final class ClientSession {
    private final long id;
    private final int ordinal;
    private final int pool;
    private boolean authenticated;
    private boolean brokenProtocol;
    private final long bornNs;
    private byte[] name = new byte[0];
    private byte[] library = new byte[0];
    private byte[] libraryVersion = new byte[0];

    ClientSession(long id, int ordinal, int pool, boolean authenticated, long bornNs) {
        this.bornNs = bornNs;
        this.id = id;
        this.ordinal = ordinal;
        this.pool = pool;
        this.authenticated = authenticated;
    }

    /** The same client on another lane. */
    ClientSession(ClientSession before, int ordinal) {
        this(before.id, ordinal, before.pool, before.authenticated, before.bornNs);
        name = before.name;
        library = before.library;
        libraryVersion = before.libraryVersion;
    }

    /** Unique in the process: CLIENT ID. */
    public long id() {
        return id;
    }

    /** Number of the client in its lane, for the choice of its links. */
    public int ordinal() {
        return ordinal;
    }

    public int pool() {
        return pool;
    }

    public boolean isAuthenticated() {
        return authenticated;
    }

    /** After AUTH. */
    public void authenticated(boolean value) {
        authenticated = value;
    }

    /** CLIENT GETNAME; empty if none. */
    public byte[] name() {
        return name;
    }

    /** CLIENT SETNAME. */
    public void name(byte[] value) {
        name = value;
    }

    /** CLIENT SETINFO LIB-NAME; empty if none. */
    public byte[] library() {
        return library;
    }

    /** CLIENT SETINFO LIB-NAME. */
    public void library(byte[] value) {
        library = value;
    }

    /** CLIENT SETINFO LIB-VER; empty if none. */
    public byte[] libraryVersion() {
        return libraryVersion;
    }

    /** CLIENT SETINFO LIB-VER. */
    public void libraryVersion(byte[] value) {
        libraryVersion = value;
    }

    /** When it was accepted. */
    long bornNs() {
        return bornNs;
    }

    /** True once this client has broken the protocol. */
    public boolean hasBrokenProtocol() {
        return brokenProtocol;
    }

    void protocolError() {
        brokenProtocol = true;
    }
}
