package org.millrace.engine.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Bytes held for somebody, and for the group that he belongs to: a client's account is part of its pool's. Written by
 * one thread; what it says may be read by any.
 */
public final class Account {
    private static final VarHandle BYTES;
    private static final VarHandle GIVEN;

    static {
        try {
            BYTES = MethodHandles.lookup().findVarHandle(Account.class, "bytes", long.class);
            GIVEN = MethodHandles.lookup().findVarHandle(Account.class, "given", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Account group;
    private long bytes;
    private long given;

    /** An empty account; {@code group} may be null. */
    public Account(Account group) {
        this.group = group;
    }

    /** Adds bytes, or takes them back if negative, here and in all groups above. */
    public void charge(long change) {
        if (change < 0) {
            GIVEN.setOpaque(this, given - change);
        }
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

    /** Bytes that were held and are no more, ever: what does not grow has taken nothing. */
    public long given() {
        return (long) GIVEN.getOpaque(this);
    }
}
