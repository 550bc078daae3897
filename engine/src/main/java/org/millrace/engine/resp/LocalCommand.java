package org.millrace.engine.resp;

/** Answers one command without a server. */
@FunctionalInterface
interface LocalCommand {
    /** Answers the call, exactly once, unless it is handed to the control thread. */
    void answer(LocalCall call);
}
