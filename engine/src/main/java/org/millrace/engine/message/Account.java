package org.millrace.engine.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Bytes held for somebody, and for the group that he belongs to: a client's account is part of its pool's. Written by
 * one thread; what it says may be read by any.
 */
public final class Account {
    private static final VarHandle BYTES;
    private static final VarHandle OWED;
    private static final VarHandle TAKEN;

    static {
        try {
            BYTES = MethodHandles.lookup().findVarHandle(Account.class, "bytes", long.class);
            OWED = MethodHandles.lookup().findVarHandle(Account.class, "owed", long.class);
            TAKEN = MethodHandles.lookup().findVarHandle(Account.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Account group;
    private long bytes;
    private long owed;
    private long taken;

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

    /**
     * How it is with replies.
     *
     * @param waiting bytes of those that are held for him
     * @param ever    bytes that he has taken, ever
     */
    public void replies(long waiting, long ever) {
        OWED.setOpaque(this, waiting);
        TAKEN.setOpaque(this, ever);
    }

    /** Bytes of replies among those held: what he could take, or what is ahead of its turn. */
    public long owed() {
        return (long) OWED.getOpaque(this);
    }

    /** Bytes of replies that he has taken, ever. */
    public long taken() {
        return (long) TAKEN.getOpaque(this);
    }
}
