package org.millrace.engine.client;

/** What a client has said about itself. Belongs to the client half's thread. */
public final class ClientSession {
    private final long id;
    private final int ordinal;
    private final int pool;
    private boolean authenticated;
    private boolean brokenProtocol;
    private byte[] name = new byte[0];

    ClientSession(long id, int ordinal, int pool, boolean authenticated) {
        this.id = id;
        this.ordinal = ordinal;
        this.pool = pool;
        this.authenticated = authenticated;
    }

    /** The same client on another lane. */
    ClientSession(ClientSession before, int ordinal) {
        this(before.id, ordinal, before.pool, before.authenticated);
        name = before.name;
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

    /** True once this client has broken the protocol. */
    public boolean hasBrokenProtocol() {
        return brokenProtocol;
    }

    void protocolError() {
        brokenProtocol = true;
    }
}
