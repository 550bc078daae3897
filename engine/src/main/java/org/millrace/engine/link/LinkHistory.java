package org.millrace.engine.link;

import org.millrace.io.CloseCause;

/** How far the present connection of a link, or the last one, has got, and how it has ended. */
final class LinkHistory {
    private CloseCause endCause = CloseCause.REFUSED;
    /** How long the lane that it is borrowed from will not open it again; negative if that is not known. */
    private long ownerRestNs = -1;
    private boolean stood;
    private boolean served;
    private boolean answered;
    private boolean judged;

    /** A connection is asked for. */
    void begin() {
        stood = false;
        served = false;
        answered = false;
        judged = false;
    }

    void stands() {
        stood = true;
    }

    /** Requests can be sent on it. */
    void serves() {
        served = true;
    }

    /** It has brought a reply. */
    void answers() {
        answered = true;
    }

    /** It has ended; {@code restNs} as {@link #pause} wants it. */
    void ends(CloseCause cause, long restNs) {
        endCause = cause;
        ownerRestNs = restNs;
    }

    CloseCause endCause() {
        return endCause;
    }

    boolean hasStood() {
        return stood;
    }

    boolean hasServed() {
        return served;
    }

    /** True if it was of use, so that the next one need not be waited for. */
    boolean wasUseful() {
        return stood && answered;
    }

    /** True if no request can be sent to this server: want of memory on this side says nothing of it. */
    boolean isUnusable() {
        return !served && !(stood && endCause == CloseCause.EXHAUSTED) && !isLeft();
    }

    /** True if it was to be borrowed, and the lane that owns links to that server has none of these. */
    boolean isLeft() {
        return !served && endCause == CloseCause.LOCAL && ownerRestNs >= 0;
    }

    /** The same as {@link #hasFailed}, once for each connection. */
    boolean judge(LinkQueue queue) {
        boolean first = !judged;
        judged = true;
        return first && hasFailed(queue);
    }

    /** True if it has ended by a failure of the server: not while it was idle, and not by our own doing. */
    private boolean hasFailed(LinkQueue queue) {
        return switch (endCause) {
            case LOCAL, EXHAUSTED, OTHER -> false;
            case PROTOCOL -> true;
            default -> !served || queue.inFlightCount() > 0 || !answered && queue.hasParked();
        };
    }

    /** Begins the pause before the next connection: the owner's own if it is borrowed. */
    void pause(RetryPause pause, long nowNs) {
        if (ownerRestNs < 0) {
            pause.begin(nowNs);
        } else {
            pause.rest(nowNs, ownerRestNs);
        }
    }
}
