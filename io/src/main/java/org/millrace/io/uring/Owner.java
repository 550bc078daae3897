package org.millrace.io.uring;

/**
 * Who asks the kernel for something and is told of its completion. Its place in the table of owners is its own until
 * the last completion has come.
 */
abstract class Owner {
    private int slot;
    private int generation;
    private boolean isDirty;
    /** Requests in the kernel that will post a completion. */
    private int pending;

    /** Asks for what is due; called once before the enter call that follows {@link UringTransport#addDirty}. */
    abstract void prepare();

    /** Something has completed; {@link #pending()} is brought up to date. */
    abstract void onCompletion(Op op, int result, int flags);

    /** The transport has closed: nothing of this is in the kernel any more. Gives all back, without events. */
    abstract void abandon();

    final void place(int newSlot, int newGeneration) {
        slot = newSlot;
        generation = newGeneration;
    }

    final int slot() {
        return slot;
    }

    final int generation() {
        return generation;
    }

    /** The user_data of a request. */
    final long tag(Op op) {
        return (long) generation << Integer.SIZE | (long) slot << Op.BITS | op.ordinal();
    }

    final int pending() {
        return pending;
    }

    final void asked() {
        pending++;
    }

    final void answered() {
        pending--;
    }

    /** Returns whether it was not dirty before. */
    final boolean makeDirty() {
        boolean was = isDirty;
        isDirty = true;
        return !was;
    }

    final void clean() {
        isDirty = false;
    }
}
