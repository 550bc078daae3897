package org.millrace.engine.ring;

/** Where a received reply comes from: knows what it was waiting for. Implemented by the link. */
public interface ReplySource {
    /** Turns a received slot into what the client half is to do with it; called by the pair stage. */
    void pair(ReplySlot slot);
}
