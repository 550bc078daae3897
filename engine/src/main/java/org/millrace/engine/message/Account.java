package org.millrace.engine.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Bytes held for somebody, and for the group that he belongs to: a client's account is part of its pool's. Written by
 * one thread; {@link #bytes()} may be read by any.
 */
public final class Account {
    private static final VarHandle BYTES;

    static {
        try {
            BYTES = MethodHandles.lookup().findVarHandle(Account.class, "bytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Account group;
    private long bytes;

    /** An empty account; {@code group} may be null. */
    public Account(Account group) {
        this.group = group;
    }

    /** Adds bytes, or takes them back if negative, here and in all groups above. */
    public void charge(long change) {
        Account account = this;
        while (account != null) {
            BYTES.setOpaque(account, account.bytes + change);
            account = account.group;
        }
    }

    /** Bytes held at the moment. */
    public long bytes() {
        return (long) BYTES.getOpaque(this);
    }
}
