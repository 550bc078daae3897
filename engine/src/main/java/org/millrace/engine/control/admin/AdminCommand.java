package org.millrace.engine.control.admin;

/** What one administrative command does. */
@FunctionalInterface
public interface AdminCommand {
    /** Answers the call, exactly once: now, or from any thread when it is known. Control thread, must not wait. */
    void answer(AdminCall call);
}
